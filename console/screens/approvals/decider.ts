/** The name under which decisions are recorded. It is claimed: the console knows no person. */

const NAME = "toolgate.decider";

/** The name that was given last in this browser. */
export const lastDecider = (): string | undefined => window.localStorage.getItem(NAME) ?? undefined;

export const keepDecider = (name: string): void => {
  window.localStorage.setItem(NAME, name);
};
