// Owns: undoing what a turn did, when its run ends without reaching its goal.
// Gives: `runUndo`, which ends the run once everything is undone that can be, or asks a person first.
// Does not touch: whether to undo. `turn/undo-needed.ts` decides that when the run ends.
export { runUndo } from "./run-undo.js";
