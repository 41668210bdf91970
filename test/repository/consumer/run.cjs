const { probe, SPECIFIERS } = require("./probes.cjs");

probe(Object.fromEntries(SPECIFIERS.map((name) => [name, require(name)])));
