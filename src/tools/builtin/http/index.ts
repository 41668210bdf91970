// Owns: one GET to an allowed host.
// Gives: `http_get`, and a page as text.
// Does not touch: private addresses, other methods, redirects to hosts that are not allowed.
export { createHttpGetTool, type HttpGetOptions } from "./http-get.js";
