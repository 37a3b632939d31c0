/** The caps of open streams, keys that take places, and servers on a socket. */
import { afterAll } from "vitest";
import { issueKey, type Backend } from "../support/gate";
import { newApp, serve, type Script } from "../support/longApp";

export const PER_KEY = 4;
export const PER_DEPLOYMENT = 24;

const closers: (() => Promise<void>)[] = [];

afterAll(async () => {
  await Promise.all(closers.map((close) => close()));
});

export const keysFor = async (t: Backend, count: number, tenants: readonly string[]) =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const tenant = tenants[i % tenants.length]!;
      return (await issueKey(t, { subject: `s${i}`, tenant })).key;
    }),
  );

export const newSocket = async (script: Script, keyCount = 1, tenants = ["acme"]) => {
  const t = await newApp(script);
  const keys = await keysFor(t, keyCount, tenants);
  const { url, close } = await serve(t);
  closers.push(close);
  return { t, url, keys };
};
