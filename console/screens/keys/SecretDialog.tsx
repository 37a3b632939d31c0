/**
 * Shows a new key, once. The key is in the state of whoever shows this dialog, and nowhere else: Done, leaving the screen and ten minutes
 * take it away.
 */
import { Button, NativeSelect } from "@mantine/core";
import { useEffect, useState, type ReactElement } from "react";
import { useAbout } from "../../api/about";
import { useRun } from "../../api/useRun";
import { CopyLine } from "../../parts/CopyLine";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { Note } from "../../parts/Note";
import { clientLines, slugOf } from "./clientLines";

const SHOWN = 10 * 60_000;

export const SecretDialog = ({
  secret,
  name,
  done,
}: {
  readonly secret: string;
  /** Of the key. */
  readonly name: string;
  readonly done: () => void;
}): ReactElement => {
  const app = useRun("admin:describeApp", {}, { every: 0 });
  const url = useAbout()?.mcpUrl ?? "";
  const [client, setClient] = useState("Claude Code");
  useEffect(() => {
    const timer = setTimeout(done, SHOWN);
    return () => {
      clearTimeout(timer);
    };
  }, [done]);
  const all = clientLines(slugOf(app.data), url, secret);
  const chosen = all.find((one) => one.client === client);
  return (
    <Dialog title={`The key “${name}”`} close={done} size={640} isHeld>
      <Note tone="waiting" title="Keep it now: it is shown only this once.">
        It is stored nowhere, and it goes from this page after ten minutes.
      </Note>
      <CopyLine label="The key" text={secret} />
      <NativeSelect
        label="Lines for a client"
        data={all.map((one) => one.client)}
        value={client}
        onChange={(event) => {
          setClient(event.currentTarget.value);
        }}
      />
      {chosen !== undefined && (
        <>
          <p>{chosen.how}:</p>
          <CopyLine label={`For ${chosen.client}`} text={chosen.text} />
        </>
      )}
      <p>
        claude.ai, ChatGPT and others with a sign-in take the address alone, <code>{url}</code>, and
        ask for this key on the page that opens, if the app has OAuth on.
      </p>
      <DialogFoot>
        <Button onClick={done}>Done</Button>
      </DialogFoot>
    </Dialog>
  );
};
