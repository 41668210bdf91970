import type { ApprovalTools } from "langgraph-plan-execute";
import { deskFor, type SharedDesk } from "./tools/desk.js";
import { describeOrder, PLACE_ORDER, whyRefused } from "./tools/place-order.js";

/**
 * The caller's rules and ours: an order waits for a person, whatever else they say, and one that breaks the limits is
 * refused before anybody is asked.
 */
export function approvalFor(desk: SharedDesk, given: ApprovalTools = {}): ApprovalTools {
  const own = given[PLACE_ORDER];
  if (own === false || (typeof own === "object" && own.when !== undefined)) {
    throw new TypeError(
      `approval.tools.${PLACE_ORDER} of the finance graph takes neither false nor "when": every order waits for a person.`,
    );
  }
  const rule = typeof own === "object" ? own : {};
  return {
    ...given,
    [PLACE_ORDER]: {
      description: describeOrder,
      ...rule,
      refuse: async (args, situation) =>
        (await whyRefused(deskFor(desk, situation.requester), args, situation.state)) ??
        rule.refuse?.(args, situation),
    },
  };
}
