/** One key with all that is known of it, and what can be done with it. */
import { Button } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { Key } from "../../api/functions";
import { Link } from "wouter";
import { constraintTexts } from "../../../cli/operate/constraint";
import { fixedTexts } from "../../../cli/operate/fixed";
import { useRun } from "../../api/useRun";
import { Facts } from "../../parts/Facts";
import { Loaded } from "../../parts/Loaded";
import { Panel } from "../../parts/Panel";
import { Status } from "../../parts/Status";
import { Time } from "../../parts/Time";
import { ChangeKeyDialog } from "./ChangeKeyDialog";
import classes from "./KeyPanel.module.css";
import { RevokeKeyDialog } from "./RevokeKeyDialog";
import { RotateKeyDialog } from "./RotateKeyDialog";
import type { Issued } from "./useIssue";

const codes = (texts: readonly string[] | undefined) =>
  texts && texts.length > 0
    ? texts.map((text) => (
        <div key={text}>
          <code>{text}</code>
        </div>
      ))
    : undefined;

const keyLink = (keyId: string | undefined) =>
  keyId && <Link href={`/keys?key=${keyId}`}>{keyId}</Link>;

const KeyFacts = ({ shown }: { readonly shown: Key }): ReactElement => (
  <Facts
    facts={[
      ["State", <Status key="status" of={shown.status} />],
      ["Key", <code key="id">{shown.keyId}</code>],
      ["Role", shown.role],
      ["Tenant", shown.tenant],
      ["Agent", shown.subject],
      ["Tools", codes(shown.tools) ?? "All of the role"],
      ["Writes", shown.readOnly ? "No: read only" : "What the role allows"],
      ["Approval", codes(shown.approval)],
      ["Limits", codes(constraintTexts(shown.constraints ?? {}))],
      ["Fixed", codes(fixedTexts(shown.fixed ?? {}))],
      ["Unattended", shown.unattended && "Yes: no user is asked, confirm: true counts"],
      ["Last used", <Time key="used" at={shown.lastUsedAt} />],
      ["Made", <Time key="made" at={shown.createdAt} />],
      ["Ends", <Time key="ends" at={shown.expiresAt} />],
      ["Revoked", shown.revokedAt && <Time at={shown.revokedAt} />],
      ["Reason", shown.revokedReason],
      ["Old one works", shown.graceUntil && <Time at={shown.graceUntil} />],
      ["Replaces", keyLink(shown.replaces)],
      ["Replaced by", keyLink(shown.replacedBy)],
    ]}
  />
);

const isFinal = ({ status }: Key): boolean => status === "revoked" || status === "rotated";

type Doing = "change" | "rotate" | "revoke";

const Actions = ({
  shown,
  start,
}: {
  readonly shown: Key;
  readonly start: (doing: Doing) => void;
}): ReactElement => (
  <div className={classes.actions}>
    {!isFinal(shown) && (
      <Button
        variant="default"
        onClick={() => {
          start("change");
        }}
      >
        Change
      </Button>
    )}
    {shown.status === "active" && shown.replacedBy === undefined && (
      <Button
        variant="default"
        onClick={() => {
          start("rotate");
        }}
      >
        Rotate
      </Button>
    )}
    {!isFinal(shown) && (
      <Button
        color="red"
        variant="outline"
        onClick={() => {
          start("revoke");
        }}
      >
        Revoke
      </Button>
    )}
    <span className={classes.links}>
      <Link href={`/audit?keyId=${shown.keyId}`}>Its calls</Link>
      <Link href={`/connections?keyId=${shown.keyId}`}>Its connections</Link>
      <Link href={`/tools?key=${shown.keyId}`}>What it sees</Link>
    </span>
  </div>
);

export const KeyPanel = ({
  keyId,
  close,
  issued,
}: {
  readonly keyId: string;
  readonly close: () => void;
  readonly issued: (key: Issued) => void;
}): ReactElement => {
  const query = useRun("admin:getKey", { keyId });
  const [doing, setDoing] = useState<Doing>();
  const stop = () => {
    setDoing(undefined);
  };
  return (
    <Panel title={query.data?.name ?? "Key"} close={close}>
      <Loaded query={query}>
        {(shown) => (
          <>
            <Actions shown={shown} start={setDoing} />
            <KeyFacts shown={shown} />
            {doing === "change" && <ChangeKeyDialog shown={shown} close={stop} />}
            {doing === "revoke" && <RevokeKeyDialog shown={shown} close={stop} />}
            {doing === "rotate" && (
              <RotateKeyDialog
                shown={shown}
                close={stop}
                issued={(key) => {
                  stop();
                  issued(key);
                }}
              />
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
};
