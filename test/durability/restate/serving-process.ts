/**
 * A worker that serves the page's code to Restate: `serving-process.ts <threads.ts> <database> <port> <journal>`. Its plan
 * has a short step, a long one, and one that waits for a person. The journal tells when a step's tool begins and ends.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import * as restate from "@restatedev/restate-sdk";
import { z } from "zod";
import { createCheckpointer, createPlanExecuteAgent } from "../../../src/index.js";
import { planCall, scriptedByRole } from "../../support/scripted-model.js";

const [threadsFile = "", url = "", port = "", journal = ""] = process.argv.slice(2);
const {
  createThreads,
}: { createThreads: (...given: unknown[]) => restate.VirtualObjectDefinition<"thread", object> } =
  await import(threadsFile);

// All that the SDK needs of Node 22.
if (!("withResolvers" in Promise)) {
  Object.assign(Promise, {
    withResolvers() {
      const ends: unknown[] = [];
      const promise = new Promise((...given) => ends.push(...given));
      return { promise, resolve: ends[0], reject: ends[1] };
    },
  });
}

const work = tool(
  async ({ name, ms }) => {
    appendFileSync(journal, `${process.pid} begins ${name}\n`);
    await delay(ms);
    appendFileSync(journal, `${process.pid} ends ${name}\n`);
    return name;
  },
  { name: "work", description: "works", schema: z.object({ name: z.string(), ms: z.number() }) },
);
const publish = tool(
  async ({ name }) => {
    appendFileSync(journal, `${process.pid} publishes ${name}\n`);
    return name;
  },
  { name: "publish", description: "publishes", schema: z.object({ name: z.string() }) },
);
const steps = [
  { id: "short", tool: "work", args: { name: "short", ms: 20 } },
  { id: "long", tool: "work", args: { name: "long", ms: 1_500 }, dependsOn: ["short"] },
  { id: "last", tool: "publish", args: { name: "last" }, dependsOn: ["long"] },
];
const { checkpointer } = await createCheckpointer(url);
const agent = createPlanExecuteAgent({
  model: scriptedByRole({ planner: planCall(steps, "last") }),
  planner: { actEarly: false },
  tools: [work, publish],
  approval: { tools: { publish: true } },
  checkpointer,
});
await restate.serve({ services: [createThreads(agent, checkpointer)], port: Number(port) });
process.send?.("serves");
