/** The frame around the screens. */
import { Suspense, useState, type ReactElement } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { useAccess } from "../api/access";
import { Panel } from "../parts/Panel";
import { Waiting } from "../parts/Waiting";
import { Boundary } from "./Boundary";
import classes from "./Console.module.css";
import { Header } from "./Header";
import { Nav } from "./Nav";
import { NoAccess } from "./NoAccess";
import { SCREENS } from "./screens";
import { Shortcuts } from "./Shortcuts";

const Screens = (): ReactElement => {
  const [path] = useLocation();
  return (
    <Boundary key={path}>
      <Suspense fallback={<Waiting />}>
        <Switch>
          {SCREENS.map((screen) => (
            <Route key={screen.path} path={screen.path} component={screen.component} />
          ))}
          <Route>
            <Redirect to="/" replace />
          </Route>
        </Switch>
      </Suspense>
    </Boundary>
  );
};

export const Console = (): ReactElement => {
  const access = useAccess();
  const [isNavOpen, setIsNavOpen] = useState(false);
  const closeNav = () => {
    setIsNavOpen(false);
  };
  if (access !== "granted") return <NoAccess why={access} />;
  return (
    <div className={classes.frame}>
      <Header
        openNav={() => {
          setIsNavOpen(true);
        }}
      />
      <div className={classes.side}>
        <Nav />
      </div>
      {isNavOpen && (
        <Panel title="Toolgate" side="left" size={260} close={closeNav}>
          <Nav onGo={closeNav} />
        </Panel>
      )}
      <main className={classes.main} id="main">
        <Screens />
      </main>
      <Shortcuts />
    </div>
  );
};
