/** Runs `npm run doctor -- <url>`. */
import { runDoctor } from "./doctor/program";

process.exitCode = await runDoctor(process.argv.slice(2));
