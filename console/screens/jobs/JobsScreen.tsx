import type { ReactElement } from "react";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";

const JobsScreen = (): ReactElement => (
  <Page title="Jobs">
    <Empty title="Not here yet" />
  </Page>
);

export default JobsScreen;
