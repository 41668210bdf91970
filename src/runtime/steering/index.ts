// Owns: changes that people make while a run goes on.
// Gives: `applySteering`, and how a running node takes its letters.
// Does not touch: what waits for a person: a changed plan is asked about like any other.
export { applySteering, nothingToSteer, withoutStep } from "./apply-steering.js";
export { afterChange, takeSteering, tellSteering, toSteeredUpdate } from "./take-steering.js";
