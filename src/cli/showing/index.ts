// Owns: what a terminal shows: lines, plans, progress.
// Gives: screens, and lines cut to fit.
// Does not touch: the agent: it draws events.
export { toOneLine } from "./line.js";
export {
  type DependenciesOf,
  noProgress,
  type ProgressView,
  progressFrom,
  runningSteps,
  withEvent,
} from "./progress.js";
export { toDuration } from "./render.js";
export { createLiveScreen, createPlainScreen, darkScreen, type Screen } from "./screen.js";
