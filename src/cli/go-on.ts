import { toShellWords } from "./shell-words.js";
import type { Surroundings } from "./surroundings.js";

const PACKAGE_NAME = "langgraph-plan-execute";

/** How the person called the command: in the repository by npm, or as the package's own. */
export function commandPrefix({
  npm_package_name: packageName,
  npm_lifecycle_event: script,
  npm_command: command,
}: Surroundings["environment"]): string {
  if (packageName === PACKAGE_NAME && script === "start") return "npm start --";
  return command === "exec" ? "npx plan-execute" : "plan-execute";
}

/** The line that goes on with a thread, from where it is kept; `rest` is added as it stands. */
export function goOnLine(
  prefix: string,
  threadId: string,
  checkpointer: string | undefined,
  rest: string,
): string {
  const where = checkpointer === undefined ? [] : ["--checkpointer", withoutPassword(checkpointer)];
  return [prefix, toShellWords(["--thread", threadId, ...where]), rest].filter(Boolean).join(" ");
}

/** A database's address may hold a password, which is not repeated on the screen. */
function withoutPassword(url: string): string {
  return /^postgres(ql)?:/i.test(url) ? "<the same URL>" : url;
}
