import type { ReactElement } from "react";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";

const ApprovalsScreen = (): ReactElement => (
  <Page title="Approvals">
    <Empty title="Not here yet" />
  </Page>
);

export default ApprovalsScreen;
