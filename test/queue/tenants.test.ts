import { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createPlanExecuteAgent } from "../../src/index.js";
import { createQueue, type QueueOptions } from "../../src/queue/index.js";
import { planCall, type Script, ScriptedModel } from "../support/scripted-model.js";
import { withPostgres } from "../support/with-postgres.js";
import { until } from "./set-up.js";

const server = withPostgres();
const ping = tool(() => "pong", { name: "ping", description: "Pings.", schema: z.object({}) });
const PLAN = planCall([{ tool: "ping", args: {} }], "{{1}}");

/** Two workers, each with connections and an agent of its own. Both agents' models answer by the script. */
async function openTwo(url: string, script: Script, options: Partial<QueueOptions> = {}) {
  const openOne = async () => {
    const model = new ScriptedModel(script);
    const agent = createPlanExecuteAgent({
      model,
      tools: [ping],
      prices: { scripted: { inputPerMillion: 0, outputPerMillion: 1_000 } },
    });
    return { model, queue: await createQueue({ url, agents: { agent }, ...options }) };
  };
  const [one, other] = await Promise.all([openOne(), openOne()]);
  return {
    one,
    other,
    work: (concurrency: number) => Promise.all([one, other].map(({ queue }) => queue.work({ concurrency }))),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([one, other].map(({ queue }) => queue.close()));
    },
  };
}

/** How these threads stand, or all, by their names. */
async function statuses(url: string, ...threads: readonly string[]): Promise<unknown[]> {
  const rows = await server.query(
    url,
    `select status from plan_execute_threads where thread_id = any($1) or $1 = '{}' order by thread_id`,
    [threads],
  );
  return rows.map(({ status }) => status);
}

describe.concurrent("a tenant's limits of a day", { timeout: 120_000 }, () => {
  const threads = Array.from({ length: 12 }, (_, number) => `t${number}`);

  test("allow as many model calls as they say over all workers, and no tenant uses another's", async () => {
    const url = await server.createDatabase();
    let calls = 0;
    const script: Script = () => {
      calls += 1;
      return PLAN;
    };
    const limits = { limits: { modelCallsPerDay: 7 }, tenants: { rich: { modelCallsPerDay: 100 } } };
    await using two = await openTwo(url, script, limits);
    for (const thread of threads) {
      await two.one.queue.start("agent", thread, "Ping.", { tenant: "acme" });
    }
    await two.work(3);
    const ended = ["done", "incomplete"];
    await until("all have ended", async () =>
      (await statuses(url)).every((status) => ended.includes(String(status))),
    );
    const all = await statuses(url);
    expect(all.filter((status) => status === "done")).toHaveLength(7);
    expect(calls).toBe(7);
    const refused = await two.one.queue.status(threads.toSorted()[all.indexOf("incomplete")] ?? "");
    expect(refused?.reason).toContain('The tenant "acme" may use 7 model calls a day');
    await two.one.queue.start("agent", "rich", "Ping.", { tenant: "rich" });
    await until("the other tenant is served", async () => {
      const [status] = await statuses(url, "rich");
      return status === "done";
    });
  });

  test("allow no more dollars than they say over all workers", async () => {
    const url = await server.createDatabase();
    let calls = 0;
    const script: Script = () => {
      calls += 1;
      const [call] = PLAN;
      return new AIMessage({
        content: "",
        tool_calls: [{ name: "plan", args: call?.args ?? {}, id: `c${calls}`, type: "tool_call" }],
        usage_metadata: { input_tokens: 0, output_tokens: 900, total_tokens: 900 },
      });
    };
    await using two = await openTwo(url, script, { limits: { costUsdPerDay: 5 } });
    for (const thread of threads) {
      await two.one.queue.start("agent", thread, "Ping.");
    }
    await two.work(3);
    await until("all have ended", async () =>
      (await statuses(url)).every((status) => status === "done" || status === "incomplete"),
    );
    // Ninety cents a call; a dollar is set aside for each.
    expect(calls * 0.9).toBeLessThanOrEqual(5);
    expect(calls).toBeGreaterThan(2);
  });
});

describe.concurrent("a provider that is asked too often", { timeout: 120_000 }, () => {
  test("is left alone by all workers for as long as it said", async () => {
    const url = await server.createDatabase();
    const waitMs = 4_000;
    const calls: number[] = [];
    const script: Script = () => {
      calls.push(performance.now());
      return calls.length === 1
        ? Object.assign(new Error("Too many requests"), {
            status: 429,
            headers: { "retry-after-ms": `${waitMs}` },
          })
        : PLAN;
    };
    await using two = await openTwo(url, script);
    await two.work(1);
    await two.one.queue.start("agent", "first", "Ping.");
    await until("the provider was asked", () => calls.length === 1);
    await until("the others can know", async () => {
      const rows = await server.query(url, "select 1 from plan_execute_pace where until > now()");
      return rows.length > 0;
    });
    // The first worker has one place, which is taken.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await two.one.queue.start("agent", "second", "Ping.");
    await until("both are done", async () => (await statuses(url)).every((status) => status === "done"));
    expect(two.one.model.count()).toBeGreaterThan(0);
    expect(two.other.model.count()).toBeGreaterThan(0);
    const [asked = 0, ...later] = calls;
    expect(later).toHaveLength(2);
    expect(Math.min(...later) - asked).toBeGreaterThan(waitMs - 100);
  });
});
