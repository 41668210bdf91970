import type { Operation, OperationResults } from "@langchain/langgraph";

/** Which result belongs to which operation of a batch is said by a mapped type that no loop can follow. */
export function asResults<Op extends Operation[]>(results: unknown): OperationResults<Op> {
  return results as OperationResults<Op>;
}
