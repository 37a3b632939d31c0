/** The sections, in the order of the page. */
export const sections = [
  { name: "race", option: "race", title: "In one process, without a database" },
  { name: "path", option: "path", title: "The path: what a request evaluates" },
  { name: "costs", option: "costs", title: "What a request costs" },
  { name: "growth", option: "growth", title: "How cost grows" },
  { name: "conflicts", option: "conflicts", title: "Write conflicts" },
  { name: "conformance", option: "conformance", title: "Conformance" },
  { name: "boot", option: "boot", title: "The local server" },
  { name: "adoption", option: "adoption", title: "Adoption" },
] as const;
