import { ReducedValue, StateSchema } from "@langchain/langgraph";
import { expect } from "vitest";
import { z } from "zod";
import { findStateFaults } from "../../src/langgraph/index.js";
import { checkTouch } from "./touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "What a middleware keeps in its state is lost when an agent step waits for a person, and nobody is told when the agent is built.",
} as const;

checkTouch(touch, "the fields of a middleware's state are read, and whether each survives a wait", () => {
  const summed = new ReducedValue(z.number().default(0), {
    inputSchema: z.number(),
    reducer: (one: number, other: number) => one + other,
  });
  expect(findStateFaults(z.object({ calls: z.number().default(0) }))).toEqual([]);
  expect(findStateFaults(new StateSchema({ calls: z.number().default(0) }))).toEqual([]);
  expect(findStateFaults(new StateSchema({ summed }))[0]).toContain("a reducer");
  expect(findStateFaults(z.object({ _calls: z.number().default(0) }))[0]).toContain("private");
  expect(findStateFaults(z.object({ calls: z.number() }))[0]).toContain("no value to begin with");
});
