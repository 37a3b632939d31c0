/** Where the repository is: the sections run from another folder than they are written in. */
export const root = process.cwd();
