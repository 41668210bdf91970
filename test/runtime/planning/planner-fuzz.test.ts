import { AIMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createPlanExecuteAgent } from "../../../src/agent/index.js";
import { echo } from "../../support/agent-run.js";
import { ScriptedModel } from "../../support/scripted-model.js";

const word = fc.oneof(
  fc.constantFrom(
    "1",
    "2",
    "a",
    "echo",
    "plan",
    "{{1}}",
    "{{a.b}}",
    "{{item}}",
    "{{",
    "__proto__",
    "constructor",
    "",
  ),
  fc.string({ maxLength: 12 }),
);
const value = fc.oneof(word, fc.jsonValue({ maxDepth: 2 }));
const step = fc.oneof(
  fc.record(
    {
      id: fc.oneof(word, fc.integer()),
      description: value,
      tool: fc.oneof(fc.constant("echo"), value),
      args: fc.oneof(fc.record({ value }), value),
      dependsOn: fc.oneof(fc.array(word, { maxLength: 3 }), value),
      forEach: value,
      if: value,
      expect: value,
    },
    { requiredKeys: [] },
  ),
  value,
);
const plan = fc.oneof(
  fc.record({ steps: fc.array(step, { maxLength: 5 }), answer: value }, { requiredKeys: ["steps"] }),
  fc.dictionary(word, value, { maxKeys: 3 }),
);
const call = (args: unknown, name = "plan") => ({ id: "c", name, args, type: "tool_call" as const });
const answer = fc.oneof(
  {
    weight: 5,
    arbitrary: plan.map((args) => new AIMessage({ content: "", tool_calls: [call({ ...args })] as never })),
  },
  fc.tuple(word, value).map(([name, args]) => {
    const calls = [call(typeof args === "object" ? { ...args } : {}, name)];
    return new AIMessage({ content: "", tool_calls: calls as never });
  }),
  plan.map((args) => new AIMessage(`\`\`\`json\n${JSON.stringify(args)}\n\`\`\``)),
  word.map((args) => new AIMessage({ content: "", invalid_tool_calls: [{ id: "c", name: "plan", args }] })),
  fc.string().map((text) => new AIMessage(text)),
);

const methods = ["tool", "json", "text"] as const;
const endings = ["done", "incomplete", "failed", "refused"];

test("whatever models answer, every run ends with a status, says why, and the thread can go on", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...methods),
      fc.constantFrom("needed", "every-step"),
      fc.array(answer, { minLength: 1, maxLength: 6 }),
      async (method, when, answers) => {
        let next = 0;
        const model = new ScriptedModel((_, tools) =>
          tools.includes("blocked") ? "by agent" : (answers[next++ % answers.length] ?? "end"),
        );
        const agent = createPlanExecuteAgent({
          model,
          tools: [echo],
          checkpointer: new MemorySaver(),
          planner: { method },
          replanner: { when },
          executor: { retry: { baseMs: 0, maxMs: 0 } },
        });
        const thread = { configurable: { thread_id: "1" } };
        const run = await agent.invoke({ input: "go" }, thread);
        expect(endings).toContain(run.status);
        expect(run.outcome).toMatchObject({ status: run.status, reason: expect.stringMatching(/./) });
        expect(run.response.trim()).not.toBe("");
        const ids = run.messages.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(JSON.parse(JSON.stringify(run.plan))).toEqual(run.plan);
        const { status } = await agent.invoke({ input: "go on" }, thread);
        expect(endings).toContain(status);
      },
    ),
    { numRuns: process.env.FUZZ_RUNS === undefined ? 200 : Number(process.env.FUZZ_RUNS) },
  );
}, 240_000);
