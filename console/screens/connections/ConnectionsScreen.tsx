import type { ReactElement } from "react";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";

const ConnectionsScreen = (): ReactElement => (
  <Page title="Connections">
    <Empty title="Not here yet" />
  </Page>
);

export default ConnectionsScreen;
