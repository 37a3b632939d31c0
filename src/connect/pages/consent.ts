/** The page on which a person lets a client in, and its second step: which tools. */
import { ONLY_TENANT } from "../../data/principal";
import type { Access, Client } from "../../data/values";
import type { Choice, Proven } from "../../grants/prove";
import { markup, type Html } from "./html";
import type { Look, Page } from "./page";
import {
  accessField,
  buttons,
  hidden,
  hostOf,
  keyField,
  problemText,
  titleFor,
  toolField,
  who,
} from "./parts";
import { fill } from "./texts";

/** A request that a person decides on, and where its form goes. */
export interface Asking {
  readonly client: Client;
  /** The signed request, as the form carries it. */
  readonly request: string;
  /** The path that takes the form. */
  readonly action: string;
  /** What the person has chosen so far. */
  readonly access: Access;
  /** What is wrong with what was sent. */
  readonly problem?: string | undefined;
}

const back = ({ texts }: Look, { client }: Asking): Html =>
  markup`<p class="soft">${fill(texts.goesTo, { host: client.host ?? hostOf(texts, client) })}</p>`;

/** The first step: the key, and what the client may do with it. */
export const consentPage = (look: Look, asking: Asking): Page => {
  const { client, request, action, access, problem } = asking;
  return {
    title: titleFor(look, client),
    body: markup`${who(look, client)}<form method="post" action="${action}">${hidden("request", request)}${keyField(look, problem)}${accessField(look, access)}${buttons(look, true)}</form>${back(look, asking)}`,
  };
};

const group = (title: string, tools: readonly Choice[]): Html | undefined =>
  tools.length === 0
    ? undefined
    : markup`<fieldset><legend>${title}</legend>${tools.map(({ name, title: label, description }) => toolField(name, label ?? name, description))}</fieldset>`;

/**
 * The second step: which tools of a key that is proven.
 *
 * @param proof - the signed proof, which the form carries in place of the key.
 */
export const toolsPage = (
  look: Look,
  asking: Asking,
  { tenant, role, tools, readOnly }: Proven,
  proof: string,
): Page => {
  const { client, request, action, access, problem } = asking;
  const { texts } = look;
  const hint =
    tenant === ONLY_TENANT
      ? fill(texts.roleHint, { role })
      : fill(texts.toolsHint, { tenant, role });
  const offered = access === "read" ? tools.filter(({ writes }) => !writes) : tools;
  return {
    title: titleFor(look, client),
    body: markup`${who(look, client)}<form method="post" action="${action}">${hidden("request", request)}${hidden("proven", proof)}${hidden("access", access)}<h2>${texts.tools}</h2><p class="soft">${hint}${readOnly === true && markup` ${texts.keyReads}`}</p>${problemText("problem", problem)}${group(
      texts.reads,
      offered.filter(({ writes }) => !writes),
    )}${group(
      texts.writes,
      offered.filter(({ writes }) => writes),
    )}${buttons(look, false)}</form>${back(look, asking)}`,
  };
};
