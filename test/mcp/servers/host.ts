// A program with an MCP server, for `host-ends.test.ts`: it makes one call, prints the server's process id and, as its
// argument says, comes to its end, exits, or goes on for ever.
import { createPlanExecuteAgent } from "../../../src/agent/index.js";
import { planCall, scriptedByRole } from "../../support/scripted-model.js";

const [, , how = "end", program = ""] = process.argv;
const agent = createPlanExecuteAgent({
  model: scriptedByRole({
    planner: planCall([{ id: "1", tool: "small__pid", args: {} }]),
    replanner: "done",
  }),
  mcp: { small: { command: process.execPath, args: [program] } },
});
const run = await agent.invoke("go");
process.stdout.write(`${String(run.pastSteps[0]?.output)}\n`);
if (how === "exit") {
  process.exit();
}
if (how === "stay") {
  setInterval(() => {}, 1_000);
}
