/** LangGraph takes JSON that looks like a command for an input without a goal, and would drop what waits for it. */
export function looksLikeCommand(input: unknown): boolean {
  return typeof input === "object" && input !== null && "lg_name" in input && input.lg_name === "Command";
}
