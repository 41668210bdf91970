// The probes of the packed package (check-package.ts), here against the sources: the program has the CommonJS build of
// LangChain, and the sources load its ES modules.
import { createRequire } from "node:module";
import { AIMessageChunk } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import * as dataPipeline from "../../graphs/data-pipeline.js";
import * as finance from "../../graphs/finance.js";
import * as general from "../../graphs/general.js";
import * as research from "../../graphs/research.js";
import * as security from "../../graphs/security.js";
import * as support from "../../graphs/support.js";
import * as ours from "../../src/index.js";
import { createProbes } from "./consumer/probes.cjs";

const require = createRequire(import.meta.url);
const graphs = { "data-pipeline": dataPipeline, finance, general, research, security, support };
const own = new Map<string, unknown>([
  ["langgraph-plan-execute", ours],
  ...Object.entries(graphs).map(([name, graph]) => [`langgraph-plan-execute/graphs/${name}`, graph] as const),
]);
const load = (name: string): unknown => own.get(name) ?? require(name);

describe("beside LangChain's CommonJS build", () => {
  it("classes exist twice", () => {
    const { AIMessageChunk: theirs } = require("@langchain/core/messages");
    expect(theirs).not.toBe(AIMessageChunk);
  });

  it.each(Object.entries(createProbes(load)))("%s", async (_name, probe) => {
    await probe();
  });
});
