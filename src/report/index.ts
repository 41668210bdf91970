// Owns: the page that shows a run: what it says, how it looks, and that nothing in it can act.
// Gives: `renderReport`, and the pieces that pages of the command line are made of.
// Does not touch: agents, checkpointers, files. It turns a thread's snapshot into a text.
export { type Html, html } from "./html.js";
export { type Page, policyOf, renderPage } from "./page.js";
export { type ReportOptions, renderReport } from "./render-report.js";
export { ReportError, type Run, type RunSnapshot, readRun } from "./run/index.js";
export { drawRun } from "./run-page.js";
export { drawAsked } from "./waiting.js";
export { type Badge, RUN_BADGES, toLine, toMoment } from "./words.js";
