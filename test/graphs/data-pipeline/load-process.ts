/**
 * One process that begins the example's run, or goes on with it. With a third argument it dies by its own hand: when the
 * load begins ("at the beginning"), or when it has committed and nobody has stored that ("after the commit").
 */

import { createGraph } from "../../../graphs/data-pipeline.js";
import { createCheckpointer } from "../../../src/index.js";

const [, , folder = ".", goal = "", dies = ""] = process.argv;
const { checkpointer } = await createCheckpointer(`sqlite:${folder}/threads.db`);
const agent = createGraph({
  model: "offline",
  checkpointer,
  workspace: `${folder}/workspace`,
  onEvent: (event) => {
    if (!("stepId" in event) || event.stepId?.startsWith("load") !== true) {
      return;
    }
    const hasCommitted = event.type === "step.ended" && event.status === "done";
    const moment =
      event.type === "step.started" ? "at the beginning" : hasCommitted ? "after the commit" : "";
    if (moment !== "" && moment === dies) {
      process.kill(process.pid, "SIGKILL");
    }
  },
});
const run = await agent.invoke(goal === "" ? null : { input: goal }, { configurable: { thread_id: "1" } });
process.stdout.write(run.status);
