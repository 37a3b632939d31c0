/** A button that opens a dialog. What a dialog holds begins anew each time. */
import { Button } from "@mantine/core";
import { useState, type ReactElement } from "react";

export const DialogButton = ({
  label,
  dialog,
}: {
  /** It ends with an ellipsis, since the dialog asks first. */
  readonly label: string;
  readonly dialog: (close: () => void) => ReactElement;
}): ReactElement => {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          setIsOpen(true);
        }}
      >
        {label}
      </Button>
      {isOpen &&
        dialog(() => {
          setIsOpen(false);
        })}
    </>
  );
};
