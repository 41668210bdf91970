import { schemaMetaRegistry } from "@langchain/langgraph/zod";
import { expect, test } from "vitest";
import { stateSchema } from "../../src/state/index.js";

test("no channel begins with an empty text for none, but those that a run takes and gives", () => {
  const begins = Object.entries(stateSchema.shape).flatMap(([name, schema]) => {
    const { default: initial } = schemaMetaRegistry.get(schema) ?? {};
    return initial === undefined ? [] : [[name, initial()] as const];
  });
  expect(begins.length).toBeGreaterThan(25);
  expect(begins.filter(([, value]) => value === "").map(([name]) => name)).toEqual(["input", "response"]);
});
