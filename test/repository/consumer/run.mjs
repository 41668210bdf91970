import { probe, SPECIFIERS } from "./probes.cjs";

await probe(
  Object.fromEntries(await Promise.all(SPECIFIERS.map(async (name) => [name, await import(name)]))),
);
