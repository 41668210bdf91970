import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createPlanExecuteAgent, type PlanExecuteAgent } from "../../src/index.js";

/** A tool call, as its process noted it: one line of JSON before the call does anything. */
export const callSchema = z.object({
  key: z.string(),
  /** Names this very call. It is in the call's output. */
  nonce: z.string(),
  number: z.number(),
  at: z.number(),
});

/** The tool whose calls wait for a person. */
export const GATED = "charge";

/** The eight steps of a thread: two that begin, four on two ways, two that join. One in ten threads asks a person. */
export function stepsOf(number: number): object[] {
  const add = (name: string, from: readonly number[], tool = "add") => ({
    [tool]: { name, number, from: from.map((step) => `{{${step}}}`) },
  });
  return [
    add("a", []),
    add("b", []),
    add("c", [1, 2]),
    add("d", [1]),
    add("e", [3], asksPerson(number) ? GATED : "add"),
    add("f", [4]),
    add("g", [5, 6]),
    add("h", [7]),
  ];
}

export function asksPerson(number: number): boolean {
  return number % 10 === 3;
}

const LETTERS = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** What the last step comes to: each step adds its letter's place and the thread's number to what it is given. */
export function rightTotal(number: number): number {
  const own = (letter: string) => LETTERS.indexOf(letter) + number;
  const a = own("a");
  const c = own("c") + a + own("b");
  const f = own("f") + own("d") + a;
  return own("h") + own("g") + own("e") + c + f;
}

const inputSchema = z.object({
  name: z.string(),
  number: z.number(),
  from: z.array(z.object({ total: z.number(), nonce: z.string() })),
});
const outputSchema = z.object({ total: z.number(), nonce: z.string(), saw: z.array(z.string()) });

/** What a step came to. */
export type StepOutput = z.infer<typeof outputSchema>;

/** Creates the agent, whose tools note each call in a file. */
export function createAgent(journal: string, stepMs: number): PlanExecuteAgent {
  const create = (name: string) =>
    tool(
      async ({ name: letter, number, from }, config): Promise<StepOutput> => {
        const nonce = randomUUID();
        const key = String(config.configurable?.idempotency_key);
        const line = { key, nonce, number, at: Date.now() };
        appendFileSync(journal, `${JSON.stringify(line)}\n`);
        await delay(stepMs * (0.5 + LETTERS.indexOf(letter) / 8), undefined, { signal: config.signal });
        const total = LETTERS.indexOf(letter) + number + from.reduce((sum, one) => sum + one.total, 0);
        return { total, nonce, saw: from.map((one) => one.nonce) };
      },
      { name, description: "Adds up.", schema: inputSchema, metadata: { outputSchema } },
    );
  return createPlanExecuteAgent({
    model: "openai:scripted",
    tools: [create("add"), create(GATED)],
    approval: { tools: { [GATED]: true } },
  });
}
