/** All planted faults, of every layer. Whoever moves the code of one moves it along: `npm run faults` says which. */
import type { Fault } from "./fault";
import { approvals } from "./lists/approvals";
import { callers } from "./lists/callers";
import { connect } from "./lists/connect";
import { effects } from "./lists/effects";
import { fields } from "./lists/fields";
import { jobs } from "./lists/jobs";
import { operators } from "./lists/operators";
import { protocol } from "./lists/protocol";
import { record } from "./lists/record";

export const faults: readonly Fault[] = [
  ...approvals,
  ...callers,
  ...connect,
  ...operators,
  ...effects,
  ...fields,
  ...jobs,
  ...protocol,
  ...record,
];
