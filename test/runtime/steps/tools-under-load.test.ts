import { setTimeout as delay } from "node:timers/promises";
import { ToolMessage } from "@langchain/core/messages/tool";
import { tool } from "@langchain/core/tools";
import { Command, MemorySaver } from "@langchain/langgraph";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { byId, echo, plannedAgent } from "../../support/agent-run.js";

const trouble: unknown[] = [];
const listen = (reason: unknown) => trouble.push(reason);

beforeEach(() => {
  trouble.length = 0;
  process.on("unhandledRejection", listen);
  process.on("warning", listen);
});

afterEach(async () => {
  await delay(20);
  process.off("unhandledRejection", listen);
  process.off("warning", listen);
  expect(trouble).toEqual([]);
});

const cycle: Record<string, unknown> = {};
cycle.self = cycle;

class Account {
  readonly #secret = 7;
  readonly owner = "ann";
  get secret(): number {
    return this.#secret;
  }
}

/** Tools that misbehave, each in its own way, and how their steps must end. */
const odd: Record<string, { work: (args: { value: unknown }) => unknown; status: string; code?: string }> = {
  hangs: { work: () => new Promise<string>(() => {}), status: "failed", code: "TIMEOUT" },
  floods: { work: () => "x".repeat(50_000_000), status: "done" },
  buffers: { work: () => Buffer.alloc(5_000_000), status: "done" },
  throws_text: {
    work: () => {
      throw "no luck";
    },
    status: "failed",
    code: "TOOL_FAILED",
  },
  rejects: { work: () => Promise.reject(new Error("no luck")), status: "failed", code: "TOOL_FAILED" },
  rejects_late: {
    work: () => {
      void delay(5).then(() => Promise.reject(new Error("too late")).catch(() => {}));
      return "early";
    },
    status: "done",
  },
  gives_nothing: { work: () => undefined, status: "done" },
  gives_a_cycle: { work: () => cycle, status: "done" },
  gives_a_bigint: { work: () => 12n, status: "done" },
  gives_an_instance: { work: () => new Account(), status: "done" },
  gives_a_function: { work: () => () => 1, status: "done" },
  gives_a_poisoned_object: {
    work: () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    status: "done",
  },
  steers: { work: () => new Command({ goto: "planner" }), status: "failed", code: "TOOL_FAILED" },
  says_error: {
    work: () => new ToolMessage({ content: "out of stock", tool_call_id: "any", status: "error" }),
    status: "failed",
    code: "TOOL_FAILED",
  },
  changes_its_arguments: {
    work: (args) => {
      args.value = "changed";
      if (typeof args === "object") {
        Reflect.set(args, "more", "x".repeat(1_000));
      }
      return "ok";
    },
    status: "done",
  },
  storms: {
    work: async () => {
      for (let turn = 0; turn < 2_000; turn += 1) {
        process.nextTick(() => {});
      }
      await Promise.all(Array.from({ length: 2_000 }, async () => undefined));
      return "calm";
    },
    status: "done",
  },
};

const ROUNDS = 12;

test("two hundred steps of tools that misbehave, fifty at once, end as they must and harm no neighbour", async () => {
  const names = Object.keys(odd);
  const steps = Array.from({ length: ROUNDS }, (_, round) => [
    ...names.map((name) => ({ id: `${name}${round}`, tool: name, args: { value: round }, dependsOn: [] })),
    { id: `sound${round}`, tool: "echo", args: { value: `sound ${round}` }, dependsOn: [] },
  ]).flat();
  const tools = names.map((name) =>
    tool((args) => odd[name]?.work(args), { name, description: name, schema: z.object({ value: z.any() }) }),
  );
  const { agent, eventsOf } = plannedAgent(steps, {
    tools: [...tools, echo],
    checkpointer: new MemorySaver(),
    executor: { concurrency: 50, stepTimeoutMs: 2_000 },
    replanner: { maxReplans: 0 },
  });
  const config = { configurable: { thread_id: "1" } };
  const { pastSteps, status } = await agent.invoke({ input: "go" }, config);
  expect(status).toBe("incomplete");
  expect(pastSteps).toHaveLength(steps.length);
  const results = byId(pastSteps);
  for (let round = 0; round < ROUNDS; round += 1) {
    expect(results[`sound${round}`]).toMatchObject({ status: "done", output: `sound ${round}` });
    for (const name of names) {
      const result = results[`${name}${round}`];
      expect([name, result?.status, result?.error?.code]).toEqual([name, odd[name]?.status, odd[name]?.code]);
      // What a tool does to its arguments is its own affair.
      expect(result?.args).toEqual({ value: round });
    }
  }
  expect(eventsOf("tool.left-behind")).toHaveLength(ROUNDS);
  const { messages: _, ...values } = (await agent.getState(config)).values;
  expect(JSON.parse(JSON.stringify(values))).toEqual(values);
  expect(JSON.stringify(values).length).toBeLessThan(ROUNDS * 3 * 256_000);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect("polluted" in {}).toBe(false);
}, 60_000);
