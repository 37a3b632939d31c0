/** What the code of a function reaches: its own text, and that of everything of the app that it names. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Bundled } from "./bundle";
import { readSource, type Source } from "./source";

/** What is told of a function by its text. It may say too much: a name in a string counts too. */
export interface Told {
  readonly doc?: string | undefined;
  /** Whether it, or what it calls in the app, reads the identity of a signed-in user. */
  readonly readsIdentity: boolean;
  /** Whether it, or what it calls in the app, runs other functions. */
  readonly runsFunctions: boolean;
}

const IDENTITY =
  /(?<!\b(?:api|internal|components))\.auth\b|\bgetUserIdentity\b|\bgetAuth(?:User|Session)|\bsafeGetAuthUser\b|[{,]\s*auth\s*[,}]/;

const RUNS = /\brun(?:Query|Mutation|Action)\b/;

const WORD = /[A-Za-z_$][\w$]*/g;

/** A declaration of a file: `convex/orders.ts` and the name inside it. */
interface Place {
  readonly file: string;
  readonly name: string;
}

const keyOf = ({ file, name }: Place): string => `${file} ${name}`;

/** A declaration: what it says by itself, and the declarations that it names. */
interface Link {
  readonly readsIdentity: boolean;
  readonly runsFunctions: boolean;
  readonly names: readonly Place[];
}

const NOTHING: Told = { readsIdentity: false, runsFunctions: false };

/** The files of an app, read as they are needed. */
class Reach {
  private readonly sources = new Map<string, Source | undefined>();
  private readonly links = new Map<string, Link>();

  constructor(
    private readonly root: string,
    private readonly inputs: Bundled["inputs"],
  ) {}

  private sourceOf(file: string): Source | undefined {
    if (!this.sources.has(file)) {
      // A colon stands in the names of what is no file, such as generated:api.
      const isOwn = file in this.inputs && !/node_modules\/|^\w{2,}:/.test(file);
      const text = isOwn ? readFileSync(path.resolve(this.root, file), "utf8") : undefined;
      this.sources.set(file, text === undefined ? undefined : readSource(file, text));
    }
    return this.sources.get(file);
  }

  private fileBehind(file: string, from: string): string | undefined {
    return this.inputs[file]?.imports.find(({ original }) => original === from)?.path;
  }

  /** Where an export is declared, through all modules that pass it on. */
  private placeOf(file: string | undefined, name: string, trail = 0): Place | undefined {
    const source = file === undefined || trail > 20 ? undefined : this.sourceOf(file);
    if (file === undefined || source === undefined) return undefined;
    const inside = source.exported.get(name);
    if (inside === undefined)
      return source.exportedAll
        .map((from) => this.placeOf(this.fileBehind(file, from), name, trail + 1))
        .find((place) => place !== undefined);
    const other = typeof inside === "string" ? source.imported.get(inside) : inside;
    if (other === undefined) return { file, name: inside as string };
    return this.placeOf(this.fileBehind(file, other.from), other.name, trail + 1);
  }

  /** Where the name is declared that a file uses. */
  private placeUsed(file: string, name: string): Place | undefined {
    const source = this.sourceOf(file);
    if (source?.declared.has(name)) return { file, name };
    const { from, name: there } = source?.imported.get(name) ?? {};
    return from === undefined || there === undefined
      ? undefined
      : this.placeOf(this.fileBehind(file, from), there);
  }

  /** What one declaration says by itself, and what it names. */
  private linkOf(place: Place): Link {
    const known = this.links.get(keyOf(place));
    if (known !== undefined) return known;
    const text = this.sourceOf(place.file)?.declared.get(place.name)?.text ?? "";
    const words = [...new Set(text.match(WORD))];
    const link = {
      readsIdentity: IDENTITY.test(text),
      runsFunctions: RUNS.test(text),
      names: words.flatMap((word) => this.placeUsed(place.file, word) ?? []),
    };
    this.links.set(keyOf(place), link);
    return link;
  }

  private reached(start: Place): Link[] {
    const seen = new Set<string>();
    const waiting = [start];
    const links: Link[] = [];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seen.has(keyOf(at))) continue;
      seen.add(keyOf(at));
      const link = this.linkOf(at);
      links.push(link);
      waiting.push(...link.names);
    }
    return links;
  }

  tell(file: string, name: string): Told {
    const place = this.placeOf(file, name);
    if (place === undefined) return NOTHING;
    const links = this.reached(place);
    return {
      doc: this.sourceOf(place.file)?.declared.get(place.name)?.doc,
      readsIdentity: links.some(({ readsIdentity }) => readsIdentity),
      runsFunctions: links.some(({ runsFunctions }) => runsFunctions),
    };
  }
}

/**
 * Makes a reader of the files of an app.
 *
 * @param inputs - of the bundler: it knows which file an import means.
 * @returns a function that tells of an export of a file what its text says. The file starts at the root of the app.
 */
export const reader = (
  root: string,
  inputs: Bundled["inputs"],
): ((file: string, name: string) => Told) => {
  const reach = new Reach(root, inputs);
  return (file, name) => reach.tell(file, name);
};
