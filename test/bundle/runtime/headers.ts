/**
 * Headers as Convex has them: a list of pairs. Equal names stay apart unless asked for by `get`, nothing is sorted, and values are
 * checked only when the response leaves.
 *
 * @see https://github.com/get-convex/convex-backend npm-packages/udf-runtime/src/20_headers.ts, crates/isolate/src/http.rs
 */
type Pair = [name: string, value: string];

export type Init = Iterable<readonly [string, unknown]> | Readonly<Record<string, unknown>>;

const isIterable = (init: Init): init is Iterable<readonly [string, unknown]> =>
  Symbol.iterator in init;

const normalized = (name: string): string => {
  if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name)) throw new TypeError("Headers: Invalid name");
  return name.toLowerCase();
};

class ConvexHeaders {
  #pairs: Pair[] = [];

  constructor(init: Init = []) {
    const pairs = isIterable(init) ? init : Object.entries(init);
    for (const [name, value] of pairs) this.append(name, value);
  }

  append(name: string, value: unknown): void {
    this.#pairs.push([normalized(name), String(value)]);
  }

  delete(name: string): void {
    const wanted = normalized(name);
    this.#pairs = this.#pairs.filter(([one]) => one !== wanted);
  }

  get(name: string): string | null {
    const values = this.#all(name);
    return values.length === 0 ? null : values.join(", ");
  }

  has(name: string): boolean {
    return this.#all(name).length > 0;
  }

  set(name: string, value: unknown): void {
    this.delete(name);
    this.append(name, value);
  }

  getSetCookie(): string[] {
    return this.#all("set-cookie");
  }

  forEach(each: (value: string, name: string, headers: this) => void): void {
    for (const [name, value] of this.#pairs) each(value, name, this);
  }

  entries(): IterableIterator<Pair> {
    return this.#pairs[Symbol.iterator]();
  }

  keys(): IterableIterator<string> {
    return this.#pairs.map(([name]) => name)[Symbol.iterator]();
  }

  values(): IterableIterator<string> {
    return this.#pairs.map(([, value]) => value)[Symbol.iterator]();
  }

  [Symbol.iterator](): IterableIterator<Pair> {
    return this.entries();
  }

  #all(name: string): string[] {
    const wanted = normalized(name);
    return this.#pairs.filter(([one]) => one === wanted).map(([, value]) => value);
  }
}

/** @throws Error for a value that Convex cannot send: it would answer with an error of its own. */
export const checkSendable = (headers: Iterable<readonly [string, string]>): void => {
  for (const [name, value] of headers) {
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new Error(`the header ${name} cannot be sent: ${JSON.stringify(value)}`);
  }
};

export { ConvexHeaders as Headers };
