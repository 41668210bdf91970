import type { ApprovalTools } from "langgraph-plan-execute";
import { describeOrder, PLACE_ORDER } from "./tools/place-order.js";

/** The caller's rules and ours: an order waits for a person, whatever else they say. */
export function approvalFor(given: ApprovalTools = {}): ApprovalTools {
  const own = given[PLACE_ORDER];
  if (own === false || (typeof own === "object" && own.when !== undefined)) {
    throw new TypeError(
      `approval.tools.${PLACE_ORDER} of the finance graph may set description and allowedDecisions: every order waits for a person. Leave false and "when" out.`,
    );
  }
  const rule = typeof own === "object" ? own : {};
  return { ...given, [PLACE_ORDER]: { description: describeOrder, ...rule } };
}
