/**
 * One process of a run of two workers; its one argument is an `Assignment` as JSON. It is killed by its own hand: at
 * what it is told, or when it has told what came of it as one line of JSON.
 */
import { appendFileSync } from "node:fs";
import { Command, INTERRUPT, isInterrupted } from "@langchain/langgraph";
import { z } from "zod";
import { createCheckpointer } from "../../../src/index.js";
import { createDeferred } from "../../support/deferred.js";
import { createTwoWorkers } from "./two-workers.js";

const assignmentSchema = z.object({
  url: z.string(),
  journal: z.string(),
  /** begin: a new input; go-on: none; else the answer to what waits. */
  how: z.union([z.literal("begin"), z.literal("go-on"), z.object({ resume: z.unknown() })]),
  /** Where it is killed: in this call, once this event has been told. Left out: at the end. */
  killIn: z.string().optional(),
  once: z.string().optional(),
});

/** What a process is to do. */
export type Assignment = z.infer<typeof assignmentSchema>;

const { url, journal, how, killIn, once } = assignmentSchema.parse(JSON.parse(process.argv[2] ?? ""));
const happened = createDeferred();
const { checkpointer } = await createCheckpointer(url);
const agent = createTwoWorkers(checkpointer, {
  async at(what) {
    appendFileSync(journal, `${what}\n`);
    if (what === killIn) {
      await happened.promise;
      process.kill(process.pid, "SIGKILL");
    }
  },
  onEvent(event) {
    const inner =
      event.type === "worker.event" ? z.looseObject({ type: z.string() }).parse(event.event).type : "";
    const stepId = "stepId" in event ? `${event.stepId}` : "";
    if (once === [event.type, stepId, inner].filter(Boolean).join(" ")) {
      happened.resolve();
    }
  },
});
const thread = { configurable: { thread_id: "1" } };
const input = how === "begin" ? { input: "charge both" } : how === "go-on" ? null : new Command(how);
const output: unknown = await agent.invoke(input, thread);
const { values } = await agent.getState(thread);
const told = {
  request: isInterrupted(output) ? output[INTERRUPT][0]?.value : undefined,
  state: { status: values.status, pastSteps: values.pastSteps, response: values.response },
};
process.stdout.write(`${JSON.stringify(told)}\n`, () => process.kill(process.pid, "SIGKILL"));
