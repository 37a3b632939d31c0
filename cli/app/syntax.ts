/** Parses the text of a module, TypeScript or JavaScript. */
import { Parser, type Node } from "acorn";
import { tsPlugin } from "@sveltejs/acorn-typescript";

export interface Comment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly isBlock: boolean;
}

/** A node of the tree. Its members are those of ESTree; TypeScript adds more. */
export type Syntax = Node & { readonly [member: string]: unknown };

export interface Parsed {
  /** The statements. */
  readonly body: readonly Syntax[];
  readonly comments: readonly Comment[];
}

const parsers = {
  typescript: Parser.extend(tsPlugin()),
  withJsx: Parser.extend(tsPlugin({ jsx: true })),
} as const;

/**
 * Parses a module.
 *
 * @param file - whose name tells the language.
 * @throws SyntaxError
 */
export const parse = (file: string, text: string): Parsed => {
  const comments: Comment[] = [];
  const parser = /x$|\.[mc]?js$/.test(file) ? parsers.withJsx : parsers.typescript;
  const { body } = parser.parse(text, {
    ...{ ecmaVersion: "latest", sourceType: "module", allowHashBang: true, locations: true },
    onComment: (isBlock, comment, start, end) => {
      comments.push({ isBlock, text: comment, start, end });
    },
  });
  return { body: body as unknown as Syntax[], comments };
};
