/** One connection with all that is known of it, and the way to end it. */
import { Button } from "@mantine/core";
import { useState, type ReactElement } from "react";
import { Link } from "wouter";
import { fixedTexts } from "../../../cli/operate/fixed";
import type { ConnectionInfo } from "../../../src/operate/connections";
import { Facts } from "../../parts/Facts";
import { Panel } from "../../parts/Panel";
import { Status } from "../../parts/Status";
import { Time } from "../../parts/Time";
import { scopeText } from "./columns";
import { DisconnectDialog } from "./DisconnectDialog";

const ConnectionFacts = ({ shown }: { readonly shown: ConnectionInfo }): ReactElement => (
  <Facts
    facts={[
      ["State", <Status key="status" of={shown.status} />],
      ["Client", shown.client],
      ["Known", shown.verified ? "Yes, by its own document" : "No: its name is only its own word"],
      ["User", shown.subject],
      ["Tenant", shown.tenant],
      [
        "Key",
        <Link key="key" href={`/keys?key=${shown.keyId}`}>
          {shown.keyId}
        </Link>,
      ],
      ["Connection", <code key="id">{shown.grantId}</code>],
      ["Scope", scopeText(shown)],
      ["Tools", shown.tools?.join(", ")],
      ["Fixed", shown.fixed && fixedTexts(shown.fixed).join(", ")],
      ["Since", <Time key="since" at={shown.createdAt} />],
      ["Last used", <Time key="used" at={shown.lastUsedAt} />],
      ["Refreshed", <Time key="refreshed" at={shown.refreshedAt} />],
      ["Ends unused", <Time key="ends" at={shown.expiresAt} />],
      ["Ended", shown.revokedAt && <Time at={shown.revokedAt} />],
      ["Reason", shown.revokedReason],
    ]}
  />
);

export const ConnectionPanel = ({
  shown,
  close,
}: {
  readonly shown: ConnectionInfo;
  readonly close: () => void;
}): ReactElement => {
  const [isAsking, setIsAsking] = useState(false);
  const isOver = shown.status === "revoked" || shown.status === "expired";
  return (
    <Panel title={shown.client} close={close}>
      {!isOver && (
        <div>
          <Button
            color="red"
            variant="outline"
            onClick={() => {
              setIsAsking(true);
            }}
          >
            Disconnect
          </Button>
        </div>
      )}
      <ConnectionFacts shown={shown} />
      <p>
        <Link href={`/audit?keyId=${shown.keyId}`}>Calls of its key</Link>
      </p>
      {isAsking && (
        <DisconnectDialog
          shown={shown}
          close={() => {
            setIsAsking(false);
          }}
        />
      )}
    </Panel>
  );
};
