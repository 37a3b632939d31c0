/** The connections of agents that came in by OAuth: each is a child of a key. */
import { Button } from "@mantine/core";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { useAbout } from "../../api/about";
import { usePages } from "../../api/usePages";
import { CopyLine } from "../../parts/CopyLine";
import { DataTable } from "../../parts/DataTable";
import { Empty, NoMore } from "../../parts/Empty";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { TenantField } from "../../parts/TenantField";
import { useFilters } from "../../route/filters";
import { COLUMNS } from "./columns";
import { ConnectionPanel } from "./ConnectionPanel";

const FILTERS = ["tenant", "keyId", "grant"] as const;

const Nothing = ({ isNarrowed }: { readonly isNarrowed: boolean }): ReactElement => {
  const url = useAbout()?.mcpUrl;
  return (
    <Empty title={isNarrowed ? "No connection here" : "No connection yet"}>
      <p>
        Paste this address into Claude, ChatGPT or another client, and allow it on the page that
        opens. The client then shows up here.
      </p>
      {url !== undefined && <CopyLine label="The address" text={url} />}
    </Empty>
  );
};

const ConnectionList = ({
  tenant,
  keyId,
  shown,
  show,
}: {
  readonly tenant: string | undefined;
  readonly keyId: string | undefined;
  /** The id of the one that is opened. */
  readonly shown: string | undefined;
  readonly show: (grantId: string | undefined) => void;
}): ReactElement => {
  const pages = usePages("admin:listConnections", {
    limit: 50,
    ...(keyId !== undefined ? { keyId } : tenant !== undefined && { tenant }),
  });
  const isNarrowed = keyId !== undefined || tenant !== undefined;
  return (
    <Loaded query={pages.query}>
      {({ connections }) => (
        <>
          {connections.length === 0 ? (
            pages.page > 1 ? (
              <NoMore />
            ) : (
              <Nothing isNarrowed={isNarrowed} />
            )
          ) : (
            <DataTable
              label="Connections"
              columns={COLUMNS}
              rows={connections}
              rowKey={({ grantId }) => grantId}
              open={({ grantId }) => {
                show(grantId);
              }}
            />
          )}
          <Pager pages={pages} />
          {connections
            .filter(({ grantId }) => grantId === shown)
            .map((connection) => (
              <ConnectionPanel
                key={connection.grantId}
                shown={connection}
                close={() => {
                  show(undefined);
                }}
              />
            ))}
        </>
      )}
    </Loaded>
  );
};

const ConnectionsScreen = (): ReactElement => {
  const [{ tenant, keyId, grant }, filter] = useFilters(FILTERS);
  return (
    <Page
      title="Connections"
      {...(keyId !== undefined && {
        hint: (
          <>
            Of the key <Link href={`/keys?key=${keyId}`}>{keyId}</Link>
          </>
        ),
        actions: (
          <Button
            variant="default"
            onClick={() => {
              filter({ keyId: undefined });
            }}
          >
            Show all
          </Button>
        ),
      })}
    >
      {keyId === undefined && (
        <TenantField
          tenant={tenant}
          choose={(chosen) => {
            filter({ tenant: chosen });
          }}
        />
      )}
      <ConnectionList
        tenant={tenant}
        keyId={keyId}
        shown={grant}
        show={(grantId) => {
          filter({ grant: grantId });
        }}
      />
    </Page>
  );
};

export default ConnectionsScreen;
