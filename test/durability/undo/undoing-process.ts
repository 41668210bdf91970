/**
 * One process of a run that books, charges, fails and undoes; its one argument is an `Assignment` as JSON. It is killed by
 * its own hand: at what it is told, or when it has told what came of it as one line of JSON.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createCheckpointer, createPlanExecuteAgent, createStore, withRecovery } from "../../../src/index.js";
import { planCall, scriptedByRole } from "../../support/scripted-model.js";

const assignmentSchema = z.object({
  url: z.string(),
  journal: z.string(),
  threadId: z.string(),
  goesOn: z.boolean(),
  plan: z.array(z.unknown()),
  /** Where it is killed. Left out: at the end. */
  killIn: z.string().optional(),
  hasStore: z.boolean(),
});

/** What a process is to do. */
export type Assignment = z.infer<typeof assignmentSchema>;

const { url, journal, threadId, goesOn, plan, killIn, hasStore } = assignmentSchema.parse(
  JSON.parse(process.argv[2] ?? ""),
);

/** Notes what happens, in a file that outlives the process, and dies if that is where. */
async function note(what: string, key: string): Promise<void> {
  appendFileSync(journal, `${JSON.stringify({ what, key })}\n`);
  if (what === killIn) {
    process.kill(process.pid, "SIGKILL");
    await new Promise(() => {});
  }
}

const schema = z.object({ what: z.string() });
const book = withRecovery(
  tool(
    async ({ what }, { configurable }) => {
      await note(`booked ${what}`, configurable.idempotency_key);
      return what;
    },
    { name: "book", description: "books", schema },
  ),
  {
    async compensate(_args, output, { configurable }) {
      await note(`begins to cancel ${output}`, configurable?.idempotency_key);
      if (output === "broken") {
        throw new Error("it is gone");
      }
      await note(`cancelled ${output}`, configurable?.idempotency_key);
    },
  },
);
const charge = withRecovery(
  tool(
    async ({ what }, { configurable }) => {
      await note(`begins to charge ${what}`, configurable.idempotency_key);
      await note(`charged ${what}`, configurable.idempotency_key);
      return "charged";
    },
    { name: "charge", description: "charges", schema, metadata: { idempotent: false } },
  ),
  {
    findOutcome(key) {
      const lines = readFileSync(journal, "utf8").split("\n").filter(Boolean);
      const isDone = lines.some((line) => {
        const done = JSON.parse(line);
        return done.key === key && done.what.startsWith("charged");
      });
      return isDone ? { kind: "done", output: "charged before" } : { kind: "not-done" };
    },
  },
);
const pay = tool(() => Promise.reject(new Error("declined")), { name: "pay", description: "pays", schema });

const { checkpointer } = await createCheckpointer(url);
const { store } = hasStore ? await createStore(url) : { store: undefined };
const agent = createPlanExecuteAgent({
  model: scriptedByRole({ planner: planCall(plan), replanner: "the answer" }),
  tools: [book, charge, pay],
  undo: "onFailure",
  replanner: { maxReplans: 0 },
  checkpointer,
  store,
});
const { status, outcome, pastSteps, response } = await agent.invoke(goesOn ? null : { input: "go" }, {
  configurable: { thread_id: threadId },
});
process.stdout.write(`${JSON.stringify({ status, outcome, pastSteps, response })}\n`, () =>
  process.kill(process.pid, "SIGKILL"),
);
