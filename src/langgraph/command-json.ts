/**
 * Whether an input is JSON that looks like a command. LangGraph would treat it as an input without a goal, and would
 * drop whatever waits in the thread.
 */
export function looksLikeCommand(input: unknown): boolean {
  return typeof input === "object" && input !== null && "lg_name" in input && input.lg_name === "Command";
}
