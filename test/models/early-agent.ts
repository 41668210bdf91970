import type { RunnableConfig } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../src/agent/index.js";
import { createDeferred, createJournal, type Deferred } from "../support/deferred.js";
import type { ModelReply } from "../support/openai-server.js";
import { openAiAgent } from "./openai-agent.js";

/** A step of the read-only tool. */
export const look = (id: string, name: string) => ({ id, tool: "look", args: { name } });

/** An agent whose plan stops in the middle of its text until it is let go. */
export async function setUp(
  reply: ModelReply,
  { holdAt = 0.7, hangs = "", ...options }: PlanExecuteOptions & { holdAt?: number; hangs?: string } = {},
  later: readonly ModelReply[] = [{ text: "the answer" }],
) {
  const journal = createJournal();
  const written = createDeferred();
  const pieces = createJournal();
  const hanging = createDeferred<string>();
  const keys: string[] = [];
  const make = (name: string, readOnly: boolean) =>
    tool(
      async (args, { signal, configurable }: RunnableConfig) => {
        journal.add(args.name);
        keys.push(String(configurable?.idempotency_key));
        signal?.addEventListener("abort", () => journal.add(`${args.name} aborted`));
        return args.name === hangs ? hanging.promise : `saw ${args.name}`;
      },
      { name, description: name, schema: z.object({ name: z.string() }), metadata: { readOnly } },
    );
  const pace = async (sent: number, of: number) => {
    if (sent < Math.min(of * holdAt, of - 1)) {
      return;
    }
    pieces.add("held");
    await written.promise;
  };
  const made = await openAiAgent([{ ...reply, pace }, ...later], {
    tools: [make("look", true), make("post", false)],
    checkpointer: new MemorySaver(),
    ...options,
  });
  return { ...made, journal, keys, pieces, written, hanging };
}

/** The thread that the runs are on. */
export const thread = { configurable: { thread_id: "1" } };
/** Lets the plan be written to its end, and waits for the run. */
export async function finish(run: Promise<{ status: string; response: string }>, written: Deferred<void>) {
  written.resolve();
  return run;
}
