/** Takes the key for the calls of the playground. The field is emptied as soon as it is taken: the page never shows a key. */
import { Button, TextInput } from "@mantine/core";
import { useRef, useState, type ReactElement } from "react";
import classes from "./tools.module.css";
import { forgetKey, pasteKey, usePastedKeyId } from "./keyOfPlayground";

const Kept = ({ keyId }: { readonly keyId: string }): ReactElement => (
  <div className={classes.kept}>
    <span>
      Calls with key <code>{keyId}</code>. It is in the memory of this tab alone.
    </span>
    <Button variant="default" size="compact-sm" onClick={forgetKey}>
      Forget it
    </Button>
  </div>
);

const Asked = (): ReactElement => {
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string>();
  const take = (): void => {
    const { current } = field;
    if (current === null) return;
    const isKey = pasteKey(current.value);
    current.value = "";
    setFault(isKey ? undefined : "This is no key: it begins with cvxmcp_live_ or cvxmcp_test_.");
  };
  return (
    <form
      className={classes.paste}
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <TextInput
        ref={field}
        type="password"
        label="Key"
        description="Paste the key to call with. It stays in the memory of this tab, until you reload."
        placeholder="cvxmcp_…"
        autoComplete="off"
        error={fault}
        flex={1}
        onPaste={() => {
          // After the browser has put the text in.
          setTimeout(take);
        }}
      />
      <Button type="submit" variant="default">
        Use key
      </Button>
    </form>
  );
};

export const PasteKey = (): ReactElement => {
  const keyId = usePastedKeyId();
  return keyId === undefined ? <Asked /> : <Kept keyId={keyId} />;
};
