import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createPlanExecuteAgent, type PlanExecuteAgent } from "../../src/index.js";

const noteSchema = z.object({
  event: z.enum(["began", "ended"]),
  name: z.string(),
  key: z.string(),
  thread: z.string(),
  pid: z.number(),
  at: z.number(),
});

/** What a tool noted of a call. */
export type Note = z.infer<typeof noteSchema>;

/** Reads what the tools noted. */
export function readNotes(journal: string): Note[] {
  return existsSync(journal)
    ? readFileSync(journal, "utf8")
        .split("\n")
        .filter((line) => line.endsWith("}"))
        .map((line) => noteSchema.parse(JSON.parse(line)))
    : [];
}

/** A step in words: `work:a:300` works for 300 ms under the name a; `pay:b:10` waits for a person before. */
export function goalOf(...steps: readonly string[]): string {
  return steps.join(" ");
}

/** An agent without a model, whose goal is its plan: the steps one after the other. Each call is noted in a file. */
export function createAgent(journal: string, expiresAfter?: string): PlanExecuteAgent {
  const create = (toolName: string) =>
    tool(
      async ({ name, ms }, { configurable = {}, signal }) => {
        const note = (event: Note["event"]) => {
          const { idempotency_key: key, thread_id: thread } = configurable;
          const line: Note = { event, name, key, thread, pid: process.pid, at: Date.now() };
          appendFileSync(journal, `${JSON.stringify(line)}\n`);
        };
        note("began");
        await delay(ms, undefined, { signal });
        note("ended");
        return `${name} by ${process.pid}`;
      },
      {
        name: toolName,
        description: "works",
        schema: z.object({ name: z.string(), ms: z.number() }),
      },
    );
  return createPlanExecuteAgent({
    model: "offline",
    tools: [create("work"), create("pay")],
    approval: { tools: { pay: true }, expiresAfter },
    planner: {
      plan: ({ goal }) => {
        const steps = goal.split(" ").map((word, index) => {
          const [toolName, name, ms] = word.split(":");
          return {
            tool: toolName,
            args: { name, ms: Number(ms) },
            dependsOn: index === 0 ? [] : [`${index}`],
          };
        });
        return { steps, answer: `It ended with {{${steps.length}}}.` };
      },
    },
  });
}
