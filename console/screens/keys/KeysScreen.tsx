import type { ReactElement } from "react";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";

const KeysScreen = (): ReactElement => (
  <Page title="Keys">
    <Empty title="Not here yet" />
  </Page>
);

export default KeysScreen;
