// `FROZEN=record npx vitest run test/agent-file/json-schema.test.ts` writes agent.schema.json, which the package has.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { toJsonSchema } from "../../src/agent-file/json-schema.js";
import { readRows } from "../options/options-table.js";
import { repositoryRoot } from "../repository/source-files.js";

const ROLES = ["planner", "executor", "replanner", "answer"];
/** What is only in files. */
const OWN: Readonly<Record<string, string>> = {
  $schema: "Where this schema is",
  name: "The agent's name. Left out: the file's",
  description: "What the agent is for, for those who choose among several",
  root: "The folder that the built-in file tools read and write, such as ./files",
  allowHttp: "The hosts that the built-in tool http_get may ask",
  models: "Chat models by name. Roles use these names",
  tools: "Names of built-in tools, what modules export, and OPEA's tools.yaml",
  plans: "Saved plans: paths of files and folders, or the plans themselves",
  checkpointer: "Where threads are kept: memory:, sqlite:<path>, postgres://…",
  store: "Where the store is, by the same addresses",
  project: "A working folder: the agent is told of its AGENTS.md and its skills",
  workers: "Other agents that steps may name: for each what it is for, and its file",
  responseFormat: "The form of the answer: a JSON Schema, or a zod object of a module",
};

// Outside of the test: on a busy machine it takes longer than a test may.
const meanings = new Map(readRows().map(({ name, meaning }) => [name, meaning.replaceAll("\\|", "|")]));

test("the published schema is what the options' schema says", () => {
  const describe = (path: string) => {
    const [first = "", ...rest] = path.split(".");
    const ofRoles = ROLES.includes(first) ? meanings.get(["*", ...rest].join(".")) : undefined;
    return OWN[path] ?? meanings.get(path) ?? ofRoles;
  };
  const made = `${JSON.stringify(toJsonSchema(describe), null, 2)}\n`;
  const file = `${repositoryRoot}/agent.schema.json`;
  if (process.env.FROZEN === "record") {
    writeFileSync(file, made);
  }
  expect(readFileSync(file, "utf8")).toBe(made);
});

const schema = z.fromJSONSchema(Object(toJsonSchema()));

test.each([
  ["model: offline", true],
  ["planner: { maxSteps: 3, granularity: coarse }\nlimits: { maxModelCalls: 9 }", true],
  ["tools: [calculator, { module: ./tools.ts, export: [a, b] }, { opea: ./tools.yaml }]", true],
  ["approval: { plan: always, tools: { charge: { when: { module: ./rules.ts, export: isLarge } } } }", true],
  ["mcp: { desk: { command: node, args: [server.mjs], env: { TOKEN: '${TOKEN}' } } }", true],
  ["models: { local: { model: 'openai:qwen', baseUrl: 'http://127.0.0.1:8080/v1' } }\nmodel: local", true],
  ["executor: { checkOutput: { search: [not-empty, { module: ./rules.ts }] } }", true],
  ["plans: [./plans]", true],
  ["modle: offline", false],
  ["planner: { granularity: corse }", false],
  ["limits: { maxModelCalls: 0 }", false],
  ["tools: { calculator: true }", false],
])("an editor is told of %s: %s", (text, isRight) => {
  expect(schema.safeParse(parse(text)).success).toBe(isRight);
});
