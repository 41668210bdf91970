// Owns: a turn: how it begins, how a plan is accepted, how a person is asked, how it ends.
// Gives: state updates for each of these.
// Does not touch: models and tools.
export { type AcceptedPlan, acceptPlan, keptSteps, nextPosition } from "./accept-plan.js";
export { askAboutPlan, askPerson } from "./ask-person.js";
export { beginTurn, hasNewGoal, turnIdOf } from "./begin-turn.js";
export { endAtRecursionLimit, endIncomplete, endOrEscalate, finishDone } from "./end-run.js";
export { describeProgress, endFor, endUnstored, finish, whileStored } from "./finish.js";
export {
  earlierConversation,
  messageIdFor,
  toPlanMessage,
  toPlanMessages,
  toPlanText,
} from "./plan-message.js";
