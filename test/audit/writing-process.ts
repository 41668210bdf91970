/** One of several processes that write one audit log. Its arguments are the log's path and how many lines to write. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { createAuditLog } from "../../src/audit/index.js";
import { stamp } from "../support/stamp.js";

const [path = "", count = "0"] = process.argv.slice(2);
const log = createAuditLog({ path, maxBytes: 300_000 });
for (let seq = 1; seq <= Number(count); seq += 1) {
  log.write({ type: "agent.started", goal: "x".repeat(seq % 7 === 0 ? 9_000 : 100), ...stamp, seq });
  await nextTurn();
}
await log.flush();
log.close();
