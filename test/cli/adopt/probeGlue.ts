/** The glue of an app that is called `probe`, as `toolgate init` writes it. */
import { glueOf, type Setting } from "../../../cli/glue/files";

const setting: Setting = {
  ...{ version: "0.0.0", dir: "toolgate", language: "ts", oauth: false },
  app: { name: "probe", version: "1" },
};

export const glue = Object.fromEntries(
  [...glueOf(setting)].map(([name, text]) => [`convex/toolgate/${name}`, text]),
);
