/** Checks the seals of the record, page by page, and names what does not fit. */
import { Button } from "@mantine/core";
import { useRef, useState, type ReactElement } from "react";
import { run } from "../../api/run";
import type { Fault } from "../../../src/operate/record/faults";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { DialogButton } from "../../parts/DialogButton";
import { Note } from "../../parts/Note";
import { Problem } from "../../parts/Problem";
import { Time } from "../../parts/Time";
import { visibleLine } from "../../text/plain";
import classes from "./audit.module.css";

interface Checked {
  readonly rows: number;
  readonly seals: number;
  /** Rows that are past their time and were removed; their seals stay. */
  readonly removed: number;
  readonly sealedTo: string | null;
  readonly faults: readonly Fault[];
}

const NONE: Checked = { rows: 0, seals: 0, removed: 0, sealedTo: null, faults: [] };

/** @param tell - is told what was checked so far; false ends it. */
const checkAll = async (tell: (checked: Checked) => boolean): Promise<Checked> => {
  let all = NONE;
  let cursor: string | undefined;
  do {
    const page = await run("admin:verifyAudit", cursor === undefined ? {} : { cursor });
    all = {
      rows: all.rows + page.checked.rows,
      seals: all.seals + page.checked.seals,
      removed: all.removed + page.checked.removed,
      sealedTo: page.sealedTo ?? all.sealedTo,
      faults: [...all.faults, ...page.faults],
    };
    cursor = page.nextCursor ?? undefined;
  } while (tell(all) && cursor !== undefined);
  return all;
};

/** As many faults as a person reads. Who can put in thousands of rows must not stop the page. */
const SHOWN = 200;

const Faults = ({ faults }: { readonly faults: readonly Fault[] }): ReactElement => (
  <Note tone="bad" title={`${faults.length} ${faults.length === 1 ? "fault" : "faults"} found`}>
    <ul className={classes.faults}>
      {faults.slice(0, SHOWN).map(({ kind, place }, at) => (
        <li key={at}>
          <b>{visibleLine(kind)}</b> {visibleLine(place)}
        </li>
      ))}
    </ul>
    {faults.length > SHOWN && (
      <p>
        These are the first {SHOWN}. <code>toolgate audit verify</code> names all.
      </p>
    )}
  </Note>
);

const Result = ({ checked }: { readonly checked: Checked }): ReactElement => {
  const { rows, seals, removed, sealedTo, faults } = checked;
  return (
    <>
      {faults.length > 0 ? (
        <Faults faults={faults} />
      ) : (
        <p>Nothing was found: no sealed row was changed, moved, added or removed.</p>
      )}
      <p>
        {rows.toLocaleString()} {rows === 1 ? "row" : "rows"} under {seals.toLocaleString()}{" "}
        {seals === 1 ? "seal" : "seals"} were checked, up to{" "}
        <Time at={sealedTo ?? undefined} as="clock" absent="none yet" />. The newest rows have no
        seal yet.
      </p>
      {removed > 0 && (
        <p>
          {removed.toLocaleString()} older rows are past the time that the app keeps them, and were
          removed. Their seals are still in the chain.
        </p>
      )}
    </>
  );
};

const Check = ({ close }: { readonly close: () => void }): ReactElement => {
  const [checked, setChecked] = useState(NONE);
  const [state, setState] = useState<"asks" | "runs" | "done">("asks");
  const [error, setError] = useState<unknown>();
  const isOpen = useRef(true);
  const begin = async (): Promise<void> => {
    setState("runs");
    setError(undefined);
    try {
      await checkAll((so) => {
        setChecked(so);
        return isOpen.current;
      });
      setState("done");
    } catch (thrown) {
      setError(thrown);
    }
  };
  const leave = (): void => {
    isOpen.current = false;
    close();
  };
  return (
    <Dialog title="Check the record" close={leave}>
      {error !== undefined && <Problem error={error} />}
      {state === "asks" && (
        <p>
          Reads all rows and compares them with their seals. What a seal cannot prove: the newest
          rows, which have none yet, and anything against somebody who holds the environment&apos;s
          secrets.
        </p>
      )}
      {state === "runs" && error === undefined && (
        <p role="status">{checked.rows.toLocaleString()} rows checked …</p>
      )}
      {state === "done" && <Result checked={checked} />}
      <DialogFoot>
        <Button variant="default" onClick={leave}>
          {state === "done" ? "Close" : "Cancel"}
        </Button>
        {state !== "done" && (
          <Button loading={state === "runs" && error === undefined} onClick={() => void begin()}>
            Check
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
};

export const SealButton = (): ReactElement => (
  <DialogButton label="Check…" dialog={(close) => <Check close={close} />} />
);
