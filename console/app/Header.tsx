/** Says which deployment this is, so that nobody takes production for another, and whether it answers. */
import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useEffect, useState, type ReactElement } from "react";
import { useAbout } from "../api/about";
import { useLink, type Link } from "../api/link";
import { Icon } from "../parts/icons";
import { spanText } from "../parts/spans";
import classes from "./Header.module.css";

const SchemeButton = (): ReactElement => {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={32}
      className={classes.quiet}
      aria-label={`Use ${other} colours`}
      onClick={() => {
        setColorScheme(other);
      }}
    >
      <Icon name={scheme === "dark" ? "sun" : "moon"} />
    </ActionIcon>
  );
};

/** Without an answer for this long, nothing on the screen is taken for true. */
const OFFLINE = 30_000;

const stateOf = ({ answeredAt, isLost }: Link, now: number): [state: string, words: string] => {
  if (!isLost) return answeredAt === undefined ? ["wait", "Connecting"] : ["good", "Connected"];
  const silence = answeredAt === undefined ? OFFLINE : Math.max(0, now - answeredAt);
  return silence < OFFLINE ? ["stale", `Stale ${spanText(silence)}`] : ["lost", "Offline"];
};

const LinkState = (): ReactElement => {
  const link = useLink();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!link.isLost) return undefined;
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1_000);
    return () => {
      clearInterval(timer);
    };
  }, [link.isLost]);
  const [state, words] = stateOf(link, now);
  return (
    <span className={classes.link} data-state={state} role="status">
      <span className={classes.dot} />
      {words}
    </span>
  );
};

const Deployment = (): ReactElement | null => {
  const about = useAbout();
  if (about === undefined) return null;
  const { kind, deployment } = about;
  return (
    <span className={classes.deployment}>
      <span className={classes.kind} data-kind={kind}>
        {kind}
      </span>
      {deployment !== kind && <span className={classes.name}>{deployment}</span>}
    </span>
  );
};

export const Header = ({ openNav }: { readonly openNav: () => void }): ReactElement => {
  const about = useAbout();
  return (
    <header className={classes.header} data-kind={about?.kind}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={32}
        className={`${classes.quiet ?? ""} ${classes.menu ?? ""}`}
        aria-label="Open the menu"
        onClick={openNav}
      >
        <Icon name="menu" />
      </ActionIcon>
      <span className={classes.brand}>Toolgate</span>
      <Deployment />
      <span className={classes.gap} />
      <LinkState />
      <SchemeButton />
    </header>
  );
};
