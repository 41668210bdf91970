// Owns: the pages of threads: the file of one, and the server for all of them.
// Gives: `writeReport`, `servePages`, and who may send a request to a server of the command.
// Does not touch: how a page looks, and how a run goes on. Both are done elsewhere.
export { judgeProgram, newSecret } from "./guard-requests.js";
export { HOST, listenHere, whenAborted } from "./listen-here.js";
export { readSnapshot } from "./read-snapshot.js";
export { servePages } from "./serve-pages.js";
export { type PageSource, writeReport } from "./write-report.js";
