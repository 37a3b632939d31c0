/** A panel at the side, over the page: one thing of a list, opened. On a narrow screen it takes all of it. */
import { Drawer } from "@mantine/core";
import type { PropsWithChildren, ReactElement } from "react";
import classes from "./Panel.module.css";

export const Panel = ({
  title,
  close,
  side = "right",
  size = 520,
  children,
}: PropsWithChildren<{
  readonly title: string;
  readonly close: () => void;
  readonly side?: "left" | "right";
  /** Its width, in pixels. */
  readonly size?: number;
}>): ReactElement => (
  <Drawer.Root opened onClose={close} position={side} size={size} transitionProps={{ duration: 0 }}>
    <Drawer.Overlay />
    <Drawer.Content>
      <div className={classes.head}>
        <Drawer.Title component="h2" className={classes.title}>
          {title}
        </Drawer.Title>
        <Drawer.CloseButton aria-label="Close" />
      </div>
      <Drawer.Body className={classes.body}>{children}</Drawer.Body>
    </Drawer.Content>
  </Drawer.Root>
);
