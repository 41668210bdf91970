export { type LinkedSignal, linkSignal } from "./link-signal.js";
export { raceSignal } from "./race-signal.js";
