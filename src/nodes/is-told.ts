import type { AgentState } from "../state/index.js";

/** Whether a person's words ask for another plan, however often it was changed before. */
export function isTold({ feedback, remark }: AgentState): boolean {
  return feedback !== "" || remark !== "";
}
