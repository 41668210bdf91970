// Owns: the pages of threads: the file of one, and the server for all of them.
// Gives: `writeReport`, `servePages`.
// Does not touch: how a page looks, and how a run goes on. Both are done elsewhere.
export { servePages } from "./serve-pages.js";
export { type PageSource, writeReport } from "./write-report.js";
