/** The way to the screens. */
import type { ReactElement } from "react";
import { Link, useLocation } from "wouter";
import { Icon } from "../parts/icons";
import classes from "./Nav.module.css";
import { SCREENS } from "./screens";

/** @param onGo - called once somebody goes somewhere. */
export const Nav = ({ onGo }: { readonly onGo?: () => void }): ReactElement => {
  const [path] = useLocation();
  return (
    <nav aria-label="Screens" className={classes.nav}>
      {SCREENS.map((screen) => (
        <Link
          key={screen.path}
          href={screen.path}
          className={classes.item}
          title={`g then ${screen.letter}`}
          {...(screen.path === path && { "aria-current": "page" as const })}
          {...(onGo && { onClick: onGo })}
        >
          <Icon name={screen.icon} />
          {screen.title}
        </Link>
      ))}
    </nav>
  );
};
