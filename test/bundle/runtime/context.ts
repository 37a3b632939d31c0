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
} from "web-streams-polyfill";
import { AbortController, AbortSignal } from "./abort";
import type { Clock } from "./clock";
import { present } from "./globals.js";
import { FinalizationRegistry, WeakRef } from "./stubs";
import { Request, Response } from "./web";

/** What surrounds a module. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** What it has logged as errors goes here. */
  readonly errors: string[];
  /** Answers what it asks of Convex; both sides are JSON text. */
  readonly syscall: (name: string, args: string) => unknown;
}

const polyfills = {
  ...{ AbortController, AbortSignal, Request, Response, WeakRef, FinalizationRegistry },
  ...{ ReadableStream, ReadableStreamBYOBReader, ReadableStreamDefaultReader },
  ...{ TransformStream, WritableStream, WritableStreamDefaultWriter },
};

/** The context has a Date of its own, which must tell the clock's time. */
const TELL_TIME = `(now) => {
  const Real = Date;
  globalThis.Date = class Date extends Real {
    constructor(...args) { super(...(args.length === 0 ? [now()] : args)); }
    static now() { return now(); }
  };
}`;

export const newContext = ({ env, clock, errors, syscall }: Surroundings): Context => {
  const context = createContext({
    ...Object.fromEntries(present.map((name) => [name, Reflect.get(globalThis, name) as unknown])),
    ...polyfills,
    ...clock.globals,
    ...{ AsyncLocalStorage, AsyncResource },
    console: { ...console, error: (...args: unknown[]) => errors.push(args.map(String).join(" ")) },
    process: { env },
    Convex: {
      syscall,
      jsSyscall: syscall,
      asyncSyscall: async (...args: [string, string]) => syscall(...args),
    },
  });
  runInContext("self = globalThis", context);
  (runInContext(TELL_TIME, context) as (now: () => number) => void)(() => clock.now());
  return context;
};
