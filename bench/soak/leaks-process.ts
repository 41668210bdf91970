// Runs `leaks.ts` in a process of its own, so that nobody else's objects are on its heap. It sends its findings to
// its parent.
import { z } from "zod";
import { createBareRuns } from "./bare-runs.js";
import { measureLeaks } from "./leaks.js";
import { Canceller } from "./moments.js";
import { createOwnRuns } from "./own-runs.js";

const optionsSchema = z.object({
  who: z.enum(["ours", "bare LangGraph"]),
  warmUpRuns: z.number(),
  runs: z.number(),
  roundRuns: z.number(),
  cancelled: z.number(),
});
const { who, ...options } = optionsSchema.parse(JSON.parse(process.argv[2] ?? "{}"));
const canceller = new Canceller();
const runs = who === "ours" ? createOwnRuns(canceller) : createBareRuns(canceller);
console.log(JSON.stringify(await measureLeaks(canceller, runs, options)));
