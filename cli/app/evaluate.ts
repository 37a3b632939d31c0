/** Evaluates bundled modules in a process of their own. */
import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Answer, Ask, Evaluated } from "./child";
import type { Esbuild } from "./project";

/** Why a module cannot be evaluated. */
export interface Unread {
  readonly module: string;
  readonly why: string;
  /** The variables of the environment that it read and that are not set. */
  readonly unset: readonly string[];
}

export interface Evaluation {
  readonly modules: ReadonlyMap<string, Evaluated>;
  readonly unread: readonly Unread[];
  /** How many times as long as an empty http.ts the app's own takes; undefined if it cannot be evaluated. */
  readonly times?: number | undefined;
}

/** How long one module may take. */
const MODULE_MS = 5_000;

const here = fileURLToPath(import.meta.url);

/** Bundled from beside this file, whichever way this file itself was loaded. */
const childProgram = async (esbuild: Esbuild, outdir: string): Promise<string> => {
  const outfile = path.join(outdir, "toolgate-child.mjs");
  await esbuild.build({
    absWorkingDir: outdir,
    entryPoints: [path.join(path.dirname(here), `child${path.extname(here)}`)],
    outfile,
    ...{ bundle: true, platform: "node", format: "esm", logLevel: "silent" },
  });
  return outfile;
};

interface Round {
  readonly answers: readonly Answer[];
  /** Why the child has not answered for all; undefined if it has. */
  readonly broke?: string;
}

const listen = (child: ChildProcess, limitMs: number): Promise<Round> =>
  new Promise((resolve, reject) => {
    const answers: Answer[] = [];
    let broke: string | undefined;
    const stop = () => {
      broke = `it does not end within ${limitMs / 1000} s`;
      child.kill("SIGKILL");
    };
    let timer = setTimeout(stop, limitMs);
    child.on("message", (answer: Answer) => {
      answers.push(answer);
      clearTimeout(timer);
      timer = setTimeout(stop, limitMs);
    });
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(timer);
      resolve({ answers, broke: broke ?? "it ends the process" });
    });
  });

const inChild = (
  program: string,
  ask: Ask,
  env: NodeJS.ProcessEnv,
  limitMs: number,
): Promise<Round> => {
  const child = fork(program, { env, execArgv: [], stdio: ["ignore", "ignore", "ignore", "ipc"] });
  child.send(ask);
  return listen(child, limitMs);
};

const isOfModule = (answer: Answer): answer is Extract<Answer, { module: string }> =>
  "module" in answer;

/** A round, and another for what was left after a module that broke the child. */
const rounds = async (
  run: (ask: Ask) => Promise<Round>,
  { modules, timed }: Ask,
): Promise<Answer[]> => {
  if (modules.length === 0 && timed === undefined) return [];
  const { answers, broke } = await run({ modules, timed });
  const done = answers.filter(isOfModule).length;
  const culprit = modules[done];
  if (culprit === undefined) return [...answers];
  // Without an answer, it may have been a timed script.
  if (timed !== undefined && answers.length === 0) return rounds(run, { modules });
  const fault = { module: culprit[0], fault: broke ?? "it breaks off", unset: [] };
  return [...answers, fault, ...(await rounds(run, { modules: modules.slice(done + 1) }))];
};

/**
 * Evaluates modules one after the other, each with a time limit. One that throws, hangs or ends the process is named, and the rest goes on.
 *
 * @param outdir - takes the child's program.
 * @param env - the whole environment of the modules.
 */
export const evaluate = async (
  esbuild: Esbuild,
  outdir: string,
  ask: Ask,
  env: NodeJS.ProcessEnv,
  limitMs = MODULE_MS,
): Promise<Evaluation> => {
  const program = await childProgram(esbuild, outdir);
  const answers = await rounds((one) => inChild(program, one, env, limitMs), ask);
  const timed = answers.find((answer) => "times" in answer);
  const ofModules = answers.filter(isOfModule);
  return {
    modules: new Map(
      ofModules.flatMap((answer) => ("found" in answer ? [[answer.module, answer.found]] : [])),
    ),
    unread: ofModules.flatMap((answer) =>
      "fault" in answer ? [{ module: answer.module, why: answer.fault, unset: answer.unset }] : [],
    ),
    times: timed?.times,
  };
};
