// Owns: what a terminal shows: lines, plans, progress.
// Gives: screens, and lines cut to fit.
// Does not touch: the agent. It draws events.
export { toOneLine, toText } from "./line.js";
export {
  type DependenciesOf,
  NO_PROGRESS,
  type ProgressView,
  progressFrom,
  runningSteps,
  withEvent,
} from "./progress.js";
export { toStepLine } from "./render.js";
export { createLiveScreen, createPlainScreen, DARK_SCREEN, type Screen } from "./screen.js";
