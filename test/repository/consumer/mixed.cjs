// A CommonJS program that imports our ES modules: LangChain is loaded in both its builds.
const { probe, SPECIFIERS } = require("./probes.cjs");

const load = async (name) => (name.startsWith("langgraph-plan-execute") ? import(name) : require(name));
Promise.all(SPECIFIERS.map(async (name) => [name, await load(name)])).then((loaded) =>
  probe(Object.fromEntries(loaded)),
);
