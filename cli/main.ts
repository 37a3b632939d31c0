#!/usr/bin/env node
/** Runs `npx toolgate …`, which is `npm run keys|roles|jobs|audit|connections|doctor -- …` in this repository. */
import { runCommand } from "./program";

process.exitCode = await runCommand(process.argv.slice(2));
