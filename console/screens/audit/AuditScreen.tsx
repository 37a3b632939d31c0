import type { ReactElement } from "react";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";

const AuditScreen = (): ReactElement => (
  <Page title="Audit">
    <Empty title="Not here yet" />
  </Page>
);

export default AuditScreen;
