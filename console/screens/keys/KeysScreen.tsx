/** The keys of the deployment: who has which, and since when they are not used any more. */
import { Button } from "@mantine/core";
import { useCallback, useMemo, useState, type ReactElement } from "react";
import { usePages } from "../../api/usePages";
import { useRun } from "../../api/useRun";
import { DataTable } from "../../parts/DataTable";
import { Empty, NoMore } from "../../parts/Empty";
import { Icon } from "../../parts/icons";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { TenantField } from "../../parts/TenantField";
import { useFilters } from "../../route/filters";
import { CreateKeyDialog } from "./CreateKeyDialog";
import { keyColumns } from "./keyColumns";
import { KeyPanel } from "./KeyPanel";
import { SecretDialog } from "./SecretDialog";
import type { Issued } from "./useIssue";

const FILTERS = ["tenant", "key"] as const;

const None = ({ tenant }: { readonly tenant: string | undefined }): ReactElement => (
  <Empty title={tenant === undefined ? "No key yet" : `No key of ${tenant}`}>
    <p>An agent needs a key, or a connection that somebody with a key allows.</p>
  </Empty>
);

const KeyList = ({
  tenant,
  open,
  hasTenants,
}: {
  readonly tenant: string | undefined;
  readonly open: (keyId: string) => void;
  readonly hasTenants: boolean;
}): ReactElement => {
  const pages = usePages("admin:listKeys", { limit: 50, ...(tenant !== undefined && { tenant }) });
  const columns = useMemo(() => keyColumns(hasTenants), [hasTenants]);
  return (
    <Loaded query={pages.query}>
      {({ keys }) => (
        <>
          {keys.length === 0 ? (
            pages.page > 1 ? (
              <NoMore />
            ) : (
              <None tenant={tenant} />
            )
          ) : (
            <DataTable
              label="Keys"
              columns={columns}
              rows={keys}
              rowKey={({ keyId }) => keyId}
              open={({ keyId }) => {
                open(keyId);
              }}
            />
          )}
          <Pager pages={pages} />
        </>
      )}
    </Loaded>
  );
};

/** Creating a key, and the one time that a key is shown. */
const useCreation = () => {
  const [isAsking, setIsAsking] = useState(false);
  const [issued, setIssued] = useState<Issued>();
  const done = useCallback(() => {
    setIssued(undefined);
  }, []);
  const dialogs = (
    <>
      {isAsking && (
        <CreateKeyDialog
          close={() => {
            setIsAsking(false);
          }}
          issued={(key) => {
            setIsAsking(false);
            setIssued(key);
          }}
        />
      )}
      {issued !== undefined && (
        <SecretDialog secret={issued.secret} name={issued.name} done={done} />
      )}
    </>
  );
  const ask = () => {
    setIsAsking(true);
  };
  return { dialogs, ask, setIssued };
};

const KeysScreen = (): ReactElement => {
  const app = useRun("admin:describeApp", {}, { every: 0 });
  const hasTenants = app.data?.hasTenants ?? false;
  const [{ tenant, key }, filter] = useFilters(FILTERS);
  const { dialogs, ask, setIssued } = useCreation();
  return (
    <Page
      title="Keys"
      actions={
        <Button leftSection={<Icon name="plus" />} onClick={ask}>
          Create key
        </Button>
      }
    >
      <TenantField
        tenant={tenant}
        choose={(chosen) => {
          filter({ tenant: chosen });
        }}
      />
      <KeyList
        tenant={tenant}
        hasTenants={hasTenants}
        open={(keyId) => {
          filter({ key: keyId });
        }}
      />
      {key !== undefined && (
        // Mounted anew for each key: what was asked of one must never be done to the next.
        <KeyPanel
          key={key}
          keyId={key}
          issued={setIssued}
          close={() => {
            filter({ key: undefined });
          }}
        />
      )}
      {dialogs}
    </Page>
  );
};

export default KeysScreen;
