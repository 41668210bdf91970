// Runs one case after the other, as the parent process asks. Anything that ends this process counts against the case
// that was running.
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { createRandom } from "../chaos/random.js";
import type { Verdict } from "./case.js";
import { cases } from "./cases.js";
import { READY } from "./worker-process.js";

/** What the parent asks for. */
export const orderSchema = z.object({
  name: z.string(),
  seed: z.number(),
  folder: z.string(),
  commandLine: z.string(),
  server: z.object({ url: z.string(), folder: z.string() }),
});

/** How long we wait after a case, so that an unhandled promise ends the process during the case it belongs to. */
const AFTERMATH_MS = 20;

const byName = new Map(cases.map((attack) => [attack.name, attack]));

process.on("message", (message) => {
  const { name, seed, ...order } = orderSchema.parse(message);
  const attack = byName.get(name);
  if (attack === undefined) {
    throw new TypeError(`There is no case "${name}".`);
  }
  attack
    .run({ ...order, random: createRandom(seed, name) })
    .catch(toFailure)
    .then(async (verdict) => {
      await delay(AFTERMATH_MS);
      process.send?.(verdict);
    });
});

// The process that started this one has gone. Nobody else ends this process and its children.
process.once("disconnect", () => process.kill(-process.pid, "SIGKILL"));

process.send?.(READY);

function toFailure(error: unknown): Verdict {
  return { isHeld: false, got: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}
