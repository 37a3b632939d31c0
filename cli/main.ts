/** Runs `npm run keys|roles|audit -- …`. */
import { runCommand } from "./operate/program";

process.exitCode = await runCommand(process.argv.slice(2));
