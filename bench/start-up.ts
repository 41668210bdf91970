/**
 * Measures the time from the start of a process to the first node: `npm run build && npx tsx bench/start-up.ts`. It
 * compares our agent, with the offline model, with a bare LangGraph graph of one node. Each runs in processes of its
 * own, and CPU time stands beside wall time.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROUNDS = 5;
const repository = fileURLToPath(new URL("..", import.meta.url));
const report =
  "const { user, system } = process.cpuUsage(); console.log(performance.now(), (user + system) / 1000);";
const programs = {
  "bare LangGraph": `
    import { END, START, StateGraph } from "@langchain/langgraph";
    import { z } from "zod";
    const node = () => { ${report} return {}; };
    const state = z.object({ input: z.string() });
    await new StateGraph(state).addNode("node", node).addEdge(START, "node").addEdge("node", END).compile().invoke({ input: "go" });`,
  ours: `
    import { createBuiltinTools, createPlanExecuteAgent } from "./dist/index.js";
    const onEvent = ({ type }) => { if (type === "agent.started") { ${report} } };
    const tools = createBuiltinTools({ root: "." });
    await createPlanExecuteAgent({ model: "offline", tools, onEvent }).invoke({ input: "Calculate 6*7" });`,
};

for (const [name, program] of Object.entries(programs)) {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: repository });
    const [wallMs = 0, cpuMs = 0] = said.toString().trim().split(" ").map(Number);
    return { wallMs, cpuMs };
  });
  const [best] = rounds.sort((left, right) => left.cpuMs - right.cpuMs);
  console.log(`${name.padEnd(16)} ${best?.wallMs.toFixed(0)} ms, ${best?.cpuMs.toFixed(0)} ms CPU`);
}
