/**
 * One process of a run that is killed. Its arguments are the URL of the database, whether it begins the run and dies
 * or continues it, and the file in which it leaves its recording.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { createCheckpointer } from "langgraph-plan-execute";
import { everyKind, goldenAgent, work } from "./golden-agent.js";
import { Recording } from "./recording.js";

const [url = "", what = "", file = ""] = process.argv.slice(2);
const isFirst = what === "begin";
const { checkpointer, close } = await createCheckpointer(url);
const recording = new Recording();
const append = (kind: string) => (what: object) =>
  appendFileSync(file, `${JSON.stringify({ [kind]: what })}\n`);
const noted = isFirst
  ? Object.assign(recording, { note: append("call"), listen: append("event") })
  : recording;
const steps = [...everyKind.filter(({ id }) => id !== "never"), work("last", ["agent", "each"])];
const agent = goldenAgent(noted, steps, {
  checkpointer,
  happens: {
    last: () => {
      if (!isFirst) {
        return "last done";
      }
      process.kill(process.pid, "SIGKILL");
      return new Promise(() => {});
    },
  },
});
await recording.stream("went on in another process", agent, isFirst ? { input: "go" } : null);
await close();
const { parts, calls } = recording;
writeFileSync(file, JSON.stringify({ parts, calls }));
