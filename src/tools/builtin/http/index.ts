// Owns: GET requests to allowed hosts.
// Gives: `createHttpGetTool`, the tool `http_get` that returns a page as text or JSON.
// Does not touch: other methods, and hosts that the options do not allow, not even after a redirect.
export { createHttpGetTool, type HttpGetOptions } from "./http-get.js";
