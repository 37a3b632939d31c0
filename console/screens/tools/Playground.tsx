/** Calls a tool with a pasted key, and shows the answer as it comes. */
import { Button, SegmentedControl } from "@mantine/core";
import { useState, type ReactElement } from "react";
import { useAbout } from "../../api/about";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { CopyLine } from "../../parts/CopyLine";
import { Answer } from "./Answer";
import { ArgumentsForm, type ArgumentsProps } from "./ArgumentsForm";
import { ArgumentsJson } from "./ArgumentsJson";
import { pastedKey, usePastedKeyId } from "./keyOfPlayground";
import { PasteKey } from "./PasteKey";
import { curlLine, messageOf, type Arguments } from "./request";
import type { Tool } from "./shapes";
import { startValue } from "./startValue";
import classes from "./tools.module.css";
import { useCall } from "./useCall";

/** The id of the form, for the button outside it. */
const FORM = "playground";

/** A form and JSON text for the same arguments: what is written in one stands in the other. */
const ArgumentsOf = (props: ArgumentsProps): ReactElement => {
  const [way, setWay] = useState<string>("form");
  return (
    <>
      <SegmentedControl
        className={classes.way}
        aria-label="Write the arguments as"
        data={[
          { value: "form", label: "Form" },
          { value: "json", label: "JSON" },
        ]}
        value={way}
        onChange={setWay}
      />
      {way === "form" ? <ArgumentsForm {...props} /> : <ArgumentsJson {...props} />}
    </>
  );
};

const Ask = ({ tool, call, close }: { tool: Tool; call: () => void; close: () => void }) => (
  <ConfirmDialog
    title={`Call ${tool.name} on production?`}
    verb="Call it"
    close={close}
    act={() => {
      call();
      close();
      return Promise.resolve();
    }}
  >
    <p>It writes, with the rights of the pasted key, and the audit log names that key.</p>
  </ConfirmDialog>
);

const Playground = ({ tool }: { readonly tool: Tool }): ReactElement => {
  const about = useAbout();
  const keyId = usePastedKeyId();
  const [args, setArgs] = useState<Arguments>(() => startValue(tool.inputSchema));
  const [asked, setAsked] = useState<Arguments>();
  const { call, send, stop } = useCall();
  const asks = about?.kind === "production" && !tool.annotations.readOnlyHint;

  const callWith = (given: Arguments): void => {
    const key = pastedKey();
    if (key !== undefined) void send(messageOf(tool.name, given), key);
  };
  const submit = (given: Arguments): void => {
    if (asks) setAsked(given);
    else callWith(given);
  };
  return (
    <div className={classes.playground}>
      <PasteKey />
      <ArgumentsOf {...{ id: FORM, schema: tool.inputSchema, args, change: setArgs, submit }} />
      <div className={classes.actions}>
        <Button
          type="submit"
          form={FORM}
          disabled={keyId === undefined}
          loading={call?.isOpen === true}
        >
          Call
        </Button>
        {call?.isOpen === true && (
          <Button variant="default" onClick={stop}>
            Stop listening
          </Button>
        )}
        {keyId === undefined && <span className={classes.about}>Paste a key first.</span>}
      </div>
      {call !== undefined && <Answer call={call} />}
      <details>
        <summary>The same in a terminal</summary>
        <CopyLine
          label="The call for a terminal"
          text={curlLine(about?.mcpUrl ?? "", messageOf(tool.name, args))}
        />
      </details>
      {asked !== undefined && (
        <Ask
          tool={tool}
          call={() => {
            callWith(asked);
          }}
          close={() => {
            setAsked(undefined);
          }}
        />
      )}
    </div>
  );
};

export default Playground;
