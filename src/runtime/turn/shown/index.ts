// Owns: how people see the plan of a turn: as a message, as a card, and while a superstep is under way.
// Gives: the plan's message and its card, and `whilePlanShown`, which shows what a node does while it does it.
// Does not touch: what happens. It only shows it.
export { toPlanCard, withPlanCard } from "./plan-card.js";
export {
  earlierConversation,
  isPlanMessage,
  messageIdFor,
  toPlanMessage,
  toPlanMessages,
} from "./plan-message.js";
export { createPlanView, type PlanView } from "./plan-view.js";
export { whilePlanShown } from "./shown-plan.js";
