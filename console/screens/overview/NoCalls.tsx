/** What stands here before anybody has called. */
import type { ReactElement } from "react";
import { Link } from "wouter";
import { useAbout } from "../../api/about";
import { CopyLine } from "../../parts/CopyLine";
import { Empty } from "../../parts/Empty";

export const NoCalls = ({ span }: { readonly span: string }): ReactElement => {
  const url = useAbout()?.mcpUrl;
  return (
    <Empty title={`No call in the last ${span}`}>
      <p>
        Connect a client: <Link href="/keys">create a key</Link> and paste the lines that come with
        it, or give the client this address.
      </p>
      {url !== undefined && <CopyLine label="The address" text={url} />}
    </Empty>
  );
};
