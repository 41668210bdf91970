import { DynamicTool, tool } from "@langchain/core/tools";
import { describe, expect } from "vitest";
import { z } from "zod";
import { changingOutput } from "../../../src/langgraph/index.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/core",
  breaks:
    "What a tool returns is seen only after LangChain has made a text of it: objects lose their types, a value with a " +
    "cycle becomes [object Object], and a large buffer a text of four times its size.",
} as const;

const calls = [
  tool(() => ({ raw: true }), { name: "one", description: "", schema: z.object({ input: z.string() }) }),
  tool(() => JSON.parse('{"raw":true}'), { name: "two", description: "", schema: z.string() }),
  new DynamicTool({ name: "three", description: "", func: async () => JSON.parse('{"raw":true}') }),
];

describe("what a tool's function returns", () => {
  checkTouch(touch, "can be changed before LangChain makes a message of it", async () => {
    for (const one of calls) {
      const seen: unknown[] = [];
      const changing = changingOutput(one, (raw) => {
        seen.push(raw);
        return "changed";
      });
      const call = { type: "tool_call" as const, id: "1", name: one.name, args: { input: "go" } };
      const message = await changing.invoke(call, {});
      expect(seen, one.name).toEqual([{ raw: true }]);
      expect(Reflect.get(Object(message), "content"), one.name).toBe("changed");
    }
  });
});
