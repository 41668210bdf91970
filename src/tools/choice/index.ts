// Owns: which of many tools a model is told of: found by words and by meaning, with those that they need.
// Gives: `createToolChooser`.
// Does not touch: prompts, and what a plan may use. A tool that is not chosen is still there.
export { createToolChooser, type ToolChooser, type ToolPart, type ToolQuery } from "./tool-chooser.js";
