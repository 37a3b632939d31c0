/** Runs `npm run keys|connections|roles|audit -- …`. */
import { runCommand } from "./operate/program";

process.exitCode = await runCommand(process.argv.slice(2));
