import { tool } from "@langchain/core/tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { plannedAgent } from "../support/agent-run.js";

test("whatever the plan, its results are the same with early steps and without", async () => {
  const step = fc.record({
    isReadOnly: fc.boolean(),
    from: fc.array(fc.nat(6), { maxLength: 3 }),
    fails: fc.boolean(),
    isForEach: fc.integer({ min: 0, max: 5 }).map((roll) => roll === 0),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (shapes) => {
      const steps = shapes.map(({ isReadOnly, from, fails, isForEach }, index) => {
        const sources = from.filter((source) => source < index).map((source) => `{{${source + 1}}}`);
        const name = `${fails ? "failing" : "step"} ${index} of ${sources.join()}`;
        const args = { name: isForEach ? `${name} {{item}}` : name };
        return { tool: isReadOnly ? "look" : "post", args, ...(isForEach ? { forEach: "{{list}}" } : {}) };
      });
      const withList = [
        { id: "list", tool: "list", args: {} },
        ...steps.map((one, index) => ({ id: `${index + 1}`, ...one })),
      ];
      const run = async (actEarly: boolean) => {
        const make = (name: string, readOnly: boolean) =>
          tool(
            (args) => {
              if (args.name.startsWith("failing")) {
                throw new TypeError(`no ${args.name}`);
              }
              return `saw ${args.name}`;
            },
            { name, description: name, schema: z.object({ name: z.string() }), metadata: { readOnly } },
          );
        const list = tool(() => ["x", "y"], {
          name: "list",
          description: "list",
          schema: z.object({}),
          metadata: { readOnly: true },
        });
        const { agent } = plannedAgent(withList, {
          tools: [make("look", true), make("post", false), list],
          planner: { actEarly },
          replanner: { maxReplans: 0 },
        });
        const { status, pastSteps, outcome } = await agent.invoke({ input: "go" });
        const timeless = pastSteps.map(({ startedAt: _, endedAt: _at, ...result }) => result);
        return {
          status,
          reason: outcome?.reason,
          results: timeless.sort((one, other) => (one.id < other.id ? -1 : 1)),
        };
      };
      expect(await run(true)).toEqual(await run(false));
    }),
    { numRuns: 40 },
  );
});
