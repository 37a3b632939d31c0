/** What Convex says where it lacks something. There no code can catch it: the function ends. */

export const notImplemented = (member: string, type: string): never => {
  throw new Error(`Not implemented: ${member} for ${type}`);
};
