// Owns: how a model is asked for a plan: by which method, how it is asked again, and the plan as it is being written.
// Gives: `beginMending` and `mendAgain`, `askByMethod`, `methodsFor`, and the reader of a plan's stream.
// Does not touch: what an answer means, and what is done about it.
export { askByMethod } from "./ask-by-method.js";
export {
  beginMending,
  type Mending,
  maySearch,
  mendAgain,
  nextMethod,
  searchOn,
  withRedone,
  withTurnNumbers,
} from "./mending.js";
export { methodsFor, styleOf } from "./methods.js";
export { findFlood, type PlanReader, PlanStream, tellable } from "./plan-stream.js";
