import { basename, extname } from "node:path";
import { isPostgresUrl } from "../../checkpoint/index.js";
import { UsageError } from "../surroundings.js";

/** The address of the queue's database: what the command says, or else what an agent's file says. */
export function queueUrl(...urls: readonly (string | undefined)[]): string {
  const url = urls.find((one) => one !== undefined);
  if (url === undefined || !isPostgresUrl(url)) {
    throw new UsageError("A queue is in a PostgreSQL database: name it with --checkpointer postgres://…");
  }
  return url;
}

/** The name that an agent has in the queue: that of its file, without folder and ending. */
export function toAgentName(named: string): string {
  return basename(named, extname(named)).replaceAll("_", "-");
}
