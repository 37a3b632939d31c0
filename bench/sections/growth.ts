/** How cost grows with what an app has and what clients send. */
import { byArguments } from "../growth/arguments";
import { byKeys } from "../growth/keys";
import { byStreams } from "../growth/streams";
import { byTools } from "../growth/tools";
import { show } from "../lib/markdown";
import { report } from "../lib/report";

const tools = await byTools();
const sizes = await byArguments();
const streams = await byStreams();
// Last: convex-test replaces globals.
const keys = await byKeys();

report({
  method: ["Medians (lowest to highest), one call in flight unless it says otherwise."],
  tables: [keys.table, tools, sizes, streams],
  figures: {
    "rows by keys": {
      shown: keys.same ? `the same with 10 and with ${show(keys.most)}` : "they grow",
      met: keys.same,
    },
  },
});
