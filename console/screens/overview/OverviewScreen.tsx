import type { ReactElement } from "react";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";

const OverviewScreen = (): ReactElement => (
  <Page title="Overview">
    <Empty title="Not here yet" />
  </Page>
);

export default OverviewScreen;
