/** What can be wrong with what the app says of itself. */
import { MAX_ABOUT } from "../../src/mcp/public/serverCard";
import { iconFault, isPublicUrl } from "../../src/registry/icons";
import type { Server } from "../app/definition";
import { PLACEHOLDER, type Fault } from "./report";

const faultOfText = (field: "title" | "description", text: string | undefined): string[] => {
  if (text === undefined) return [];
  if (text.trim() === "") return [`its ${field} is empty`];
  return text.length > MAX_ABOUT
    ? [`its ${field} has ${text.length} characters; directories take ${MAX_ABOUT}`]
    : [];
};

/** Finds what clients or directories would refuse. */
export const faultsOfServer = (dir: string, server: Server): Fault[] => {
  const { title, description, websiteUrl, icons } = server;
  const icon = iconFault(icons);
  return [
    ...faultOfText("title", title),
    ...faultOfText("description", description),
    ...(websiteUrl === undefined || isPublicUrl(websiteUrl)
      ? []
      : [`its websiteUrl is no https URL and no path: ${JSON.stringify(websiteUrl)}`]),
    ...(icon === undefined ? [] : [icon]),
  ].map((what) => ({ where: `${dir}/tools`, what }));
};

/** Says what is still to be written. */
export const notesOfServer = (dir: string, { instructions = "" }: Server): string[] => {
  const isOpen = instructions.includes(PLACEHOLDER);
  if (instructions !== "" && !isOpen) return [];
  const what = isOpen ? "are still to be written" : "are missing";
  return [
    `the instructions in ${dir}/tools ${what}. Say in 400 to 1,500 characters which questions this server answers, that ids are searched first, and what cannot be undone: often they are the first that a model reads.`,
  ];
};
