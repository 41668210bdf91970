/**
 * Writes an audit log in a process whose files may become 2,048 bytes long. When no more fits, it says why, empties the
 * file and writes one line more. Its argument is the log's path.
 */
import { truncateSync } from "node:fs";
import { createAuditLog } from "../../src/audit/index.js";
import type { AgentEvent } from "../../src/events/index.js";
import { stamp } from "../support/stamp.js";

const eventOf = (seq: number): AgentEvent => ({
  type: "agent.started",
  goal: "x".repeat(100),
  ...stamp,
  seq,
});
const [path = ""] = process.argv.slice(2);
const log = createAuditLog({ path });
try {
  log.writeAll([1, 2, 3, 4, 5, 6, 7, 8].map(eventOf));
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
}
truncateSync(path);
log.write(eventOf(9));
log.close();
