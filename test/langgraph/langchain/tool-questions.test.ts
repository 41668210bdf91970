import { tool } from "@langchain/core/tools";
import { interrupt } from "@langchain/langgraph";
import { describe, expect } from "vitest";
import { z } from "zod";
import { changingOutput, questionIn } from "../../../src/langgraph/index.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks: "A tool that asks a person with interrupt() fails, and what a person answered never reaches it.",
} as const;

const asking = tool(() => [interrupt("one?"), interrupt("two?")], {
  name: "asking",
  description: "",
  schema: z.object({}),
});
const call = { type: "tool_call" as const, id: "1", name: "asking", args: {} };

describe("interrupt in a tool's function", () => {
  checkTouch(touch, "gets the answers that there are, in order, and then asks", async () => {
    for (const [answers, asked] of [
      [[], "one?"],
      [["1"], "two?"],
    ] as const) {
      const thrown = await changingOutput(asking, (raw) => raw, answers)
        .invoke(call, {})
        .catch((error: unknown) => error);
      expect(questionIn(thrown)).toMatchObject({ value: asked });
    }
    const seen: unknown[] = [];
    const change = (raw: unknown) => {
      seen.push(raw);
      return "done";
    };
    await changingOutput(asking, change, ["1", 2]).invoke(call, {});
    expect(seen).toEqual([["1", 2]]);
    expect(questionIn(new Error("another"))).toBeUndefined();
  });
});
