/** Writes the rows that the filters find to a file of JSON lines. */
import { Button } from "@mantine/core";
import { useRef, useState, type ReactElement } from "react";
import { run } from "../../api/run";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { DialogButton } from "../../parts/DialogButton";
import { Problem } from "../../parts/Problem";
import { exportRows, MAX_ROWS, type Exported } from "./exportRows";
import { argsOf, type AuditFilters } from "./filterNames";

const save = (text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: "application/jsonl" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `audit-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.jsonl`;
  link.click();
  URL.revokeObjectURL(url);
};

const doneText = ({ rows, hasMore }: Exported): string =>
  hasMore && rows >= MAX_ROWS
    ? `${rows.toLocaleString()} rows are in the file, the newest ones. For all of them: toolgate audit export.`
    : `${rows.toLocaleString()} rows are in the file.`;

const Progress = ({
  filters,
  close,
}: {
  filters: AuditFilters;
  close: () => void;
}): ReactElement => {
  const [count, setCount] = useState(0);
  const [isBusy, setIsBusy] = useState(false);
  const [done, setDone] = useState<Exported>();
  const [error, setError] = useState<unknown>();
  const isOpen = useRef(true);
  const goesOn = (): boolean => isOpen.current;
  const begin = async (): Promise<void> => {
    setIsBusy(true);
    setError(undefined);
    const args = argsOf(filters, Date.now());
    try {
      const exported = await exportRows(
        (page) => run("admin:listAudit", { ...args, ...page }),
        (rows) => {
          setCount(rows);
          return goesOn();
        },
      );
      if (!goesOn()) return;
      save(exported.text);
      setDone(exported);
    } catch (thrown) {
      setError(thrown);
    }
    setIsBusy(false);
  };
  const leave = (): void => {
    isOpen.current = false;
    close();
  };
  return (
    <Dialog title="Export as JSON lines" close={leave}>
      {error !== undefined && <Problem error={error} />}
      <p role="status">
        {done !== undefined
          ? doneText(done)
          : count > 0
            ? `${count.toLocaleString()} rows read …`
            : `The rows that the filters find, the newest first, ${MAX_ROWS.toLocaleString()} at most.`}
      </p>
      <DialogFoot>
        <Button variant="default" onClick={leave}>
          {done === undefined ? "Cancel" : "Close"}
        </Button>
        {done === undefined && (
          <Button loading={isBusy} onClick={() => void begin()}>
            Export
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
};

export const ExportButton = ({ filters }: { readonly filters: AuditFilters }): ReactElement => (
  <DialogButton label="Export…" dialog={(close) => <Progress filters={filters} close={close} />} />
);
