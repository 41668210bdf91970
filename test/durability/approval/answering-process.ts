/**
 * One process that begins the run, or answers the request that waits; its one argument is an `Assignment` as JSON. It
 * tells what came of it as one line of JSON, and is then killed by its own hand: nothing of it is left but what is
 * stored.
 */
import { appendFileSync } from "node:fs";
import { Command, INTERRUPT, isInterrupted } from "@langchain/langgraph";
import { z } from "zod";
import { createCheckpointer } from "../../../src/index.js";
import { createAgent } from "./seven-calls.js";

const assignmentSchema = z.object({
  url: z.string(),
  journal: z.string(),
  /** What the run is resumed with; left out: it begins. */
  resume: z.unknown().optional(),
  /** By how much this process's clock is ahead. */
  laterMs: z.number(),
});

/** What a process is to do. */
export type Assignment = z.infer<typeof assignmentSchema>;

const { url, journal, resume, laterMs } = assignmentSchema.parse(JSON.parse(process.argv[2] ?? ""));
const now = Date.now.bind(Date);
Date.now = () => now() + laterMs;
const { checkpointer } = await createCheckpointer(url);
const { agent, model } = createAgent(checkpointer, (charge) =>
  appendFileSync(journal, `${JSON.stringify(charge)}\n`),
);
const output: unknown = await agent.invoke(resume === undefined ? { input: "go" } : new Command({ resume }), {
  configurable: { thread_id: "1" },
});
const { values } = await agent.getState({ configurable: { thread_id: "1" } });
const told = {
  request: isInterrupted(output) ? output[INTERRUPT][0]?.value : undefined,
  state: { status: values.status, pastSteps: values.pastSteps, decisions: values.decisions },
  calls: model.calls.map(({ role }) => role),
};
process.stdout.write(`${JSON.stringify(told)}\n`, () => process.kill(process.pid, "SIGKILL"));
