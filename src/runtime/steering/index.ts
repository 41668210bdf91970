// Owns: changes that people make to a turn between its steps.
// Gives: `applySteering`, and how a running node takes the changes that wait for it.
// Does not touch: approval. If a changed plan needs it, it is asked for like that of any other plan.
export { applySteering, nothingToSteer, withoutStep } from "./apply-steering.js";
export { afterChange, takeSteering, tellSteering, toSteeredUpdate } from "./take-steering.js";
