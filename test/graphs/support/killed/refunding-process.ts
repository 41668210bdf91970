/**
 * One process of a shop; its one argument is an `Assignment` as JSON. It begins the run, answers the request that waits,
 * or goes on with what was cut off, and may kill itself in the middle of the refund.
 */
import { createCheckpointer } from "langgraph-plan-execute";
import { z } from "zod";
import { createGraph } from "../../../../graphs/support.js";
import { decide, edit } from "../../../support/approval.js";
import { scriptedByRole } from "../../../support/scripted-model.js";

const assignmentSchema = z.object({
  folder: z.string(),
  work: z.enum(["begin", "approve", "go on"]),
  /** Where the process kills itself: before the refund's tool is called, or when it has been. */
  dieAt: z.enum(["before the call", "after the call"]).optional(),
});

/** What a process is to do. */
export type Assignment = z.infer<typeof assignmentSchema>;

const { folder, work, dieAt } = assignmentSchema.parse(JSON.parse(process.argv[2] ?? ""));
const { checkpointer, close } = await createCheckpointer(`sqlite:${folder}/threads.db`);
const passed: string[] = [];
const pass = (moment: Assignment["dieAt"]) => {
  if (moment === dieAt) {
    process.kill(process.pid, "SIGKILL");
  }
  passed.push(String(moment));
  return undefined;
};
const put = checkpointer.put.bind(checkpointer);
checkpointer.put = async (...given) => {
  const config = await put(...given);
  // The decision is stored, and the executor has not begun.
  if (dieAt === "before the call" && JSON.stringify(given[1].channel_values.decisions ?? []) !== "[]") {
    pass(dieAt);
  }
  return config;
};
const agent = createGraph({
  model: scriptedByRole({}),
  checkpointer,
  data: `${folder}/data`,
  workspace: `${folder}/workspace`,
  executor: { checkOutput: { refund: () => pass("after the call") } },
});
const input = {
  begin: { plan: { name: "refund_order", with: { order: "80", reason: "damaged" } } },
  approve: decide(edit("refund", { order: "80", item: null, reason: "damaged", cents: 15_000 })),
  "go on": null,
};
const { status, response } = await agent.invoke(input[work], { configurable: { thread_id: "1" } });
await close();
process.stdout.write(JSON.stringify({ status, response, passed }));
