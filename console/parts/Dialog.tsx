/** A dialog over the page. It is built of Mantine's parts, because its `Modal` adds a second banner to the page. */
import { Modal } from "@mantine/core";
import { useEffect, useState, type PropsWithChildren, type ReactElement } from "react";
import classes from "./Dialog.module.css";

/** Gives the focus back to what had it before. A dialog is on the page only while it is open, so Mantine never sees it close. */
const useFocusBack = (): void => {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    },
    [before],
  );
};

export const Dialog = ({
  title,
  close,
  size = 480,
  isHeld = false,
  children,
}: PropsWithChildren<{
  readonly title: string;
  readonly close: () => void;
  /** Its width, in pixels. */
  readonly size?: number;
  /** True while only its own buttons may close it: not Esc, and not a click beside it. */
  readonly isHeld?: boolean;
}>): ReactElement => {
  useFocusBack();
  return (
    <Modal.Root
      opened
      onClose={close}
      size={size}
      closeOnEscape={!isHeld}
      closeOnClickOutside={!isHeld}
      transitionProps={{ duration: 0 }}
      centered
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title component="h2" className={classes.title}>
            {title}
          </Modal.Title>
          {!isHeld && <Modal.CloseButton aria-label="Close" />}
        </div>
        <Modal.Body className={classes.body}>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
};

/** The buttons at the foot of a dialog. */
export const DialogFoot = ({ children }: PropsWithChildren): ReactElement => (
  <div className={classes.foot}>{children}</div>
);
