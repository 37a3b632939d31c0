/** `npm run pinned`: says which pinned documents of clients have changed. It needs the internet, so it is no part of CI. */
import { PINNED_ON } from "../../src/connect/client/pinned";
import { comparePinned } from "./compare";

console.log(`Pinned on ${PINNED_ON} in src/connect/client/pinned.ts.`);
const all = await comparePinned();
for (const { url, standing, differences } of all) {
  console.log(`${standing.padEnd(11)}  ${url}`);
  for (const difference of differences) console.log(`             ${difference}`);
}
process.exitCode = all.some(({ standing }) => standing === "changed" || standing === "gone")
  ? 1
  : 0;
