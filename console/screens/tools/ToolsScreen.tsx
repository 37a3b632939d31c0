import type { ReactElement } from "react";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";

const ToolsScreen = (): ReactElement => (
  <Page title="Tools">
    <Empty title="Not here yet" />
  </Page>
);

export default ToolsScreen;
