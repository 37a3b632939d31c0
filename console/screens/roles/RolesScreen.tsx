import type { ReactElement } from "react";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";

const RolesScreen = (): ReactElement => (
  <Page title="Roles">
    <Empty title="Not here yet" />
  </Page>
);

export default RolesScreen;
