/** A fresh context with the globals that Convex has and no others. */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { createContext, runInContext, type Context } from "node:vm";
import {
  ReadableStream,
  ReadableStreamBYOBReader,
  ReadableStreamDefaultReader,
  TransformStream,
  WritableStream,
  WritableStreamDefaultWriter,
} from "web-streams-polyfill/ponyfill";
import { AbortController, AbortSignal } from "./abort";
import type { Time } from "./clock";
import { present } from "./globals.js";
import { Headers } from "./headers";
import { Phase } from "./phase";
import { FinalizationRegistry, WeakRef } from "./stubs";
import { atob, TextDecoder, TextEncoder } from "./text";
import { URL, URLSearchParams } from "./url";
import { Request, Response } from "./web";

/** What surrounds a module. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Time;
  /** What it has logged as errors goes here. */
  readonly errors: string[];
  /** Answers what it asks of Convex; both sides are JSON text. */
  readonly syscall: (name: string, args: string) => unknown;
  /** Answers what takes time; `syscall` unless given. */
  readonly asyncSyscall?: (name: string, args: string) => Promise<unknown>;
}

const polyfills = {
  ...{ AbortController, AbortSignal, Request, Response, Headers, WeakRef, FinalizationRegistry },
  ...{ ReadableStream, ReadableStreamBYOBReader, ReadableStreamDefaultReader },
  ...{ TransformStream, WritableStream, WritableStreamDefaultWriter },
  ...{ URL, URLSearchParams, TextDecoder, TextEncoder, atob },
};

/** The context has a Date and a Math of its own, which must ask here. */
const TELL_TIME = `(now, random) => {
  const Real = Date;
  globalThis.Date = class Date extends Real {
    constructor(...args) { super(...(args.length === 0 ? [now()] : args)); }
    static now() { return now(); }
  };
  Math.random = () => random();
}`;

/** A stack has no message, only frames. */
const FRAMES_ONLY = `Error.prepareStackTrace = (_error, frames) =>
  frames.map((frame) => "    at " + String(frame)).join("\\n");`;

/** A context, and what tells it what runs in it: at first, that its module is being imported. */
export const newContext = ({
  env,
  clock,
  errors,
  syscall,
  asyncSyscall = async (...args) => syscall(...args),
}: Surroundings): { readonly context: Context; readonly phase: Phase } => {
  const phase = new Phase(clock);
  const context = createContext({
    ...Object.fromEntries(present.map((name) => [name, Reflect.get(globalThis, name) as unknown])),
    ...polyfills,
    ...clock.globals,
    ...phase.globals(),
    ...{ AsyncLocalStorage, AsyncResource },
    console: { ...console, error: (...args: unknown[]) => errors.push(args.map(String).join(" ")) },
    process: { env },
    Convex: { syscall, jsSyscall: syscall, asyncSyscall },
  });
  runInContext(`self = globalThis; ${FRAMES_ONLY}`, context);
  (runInContext(TELL_TIME, context) as (...ask: unknown[]) => void)(phase.now, phase.random);
  return { context, phase };
};
