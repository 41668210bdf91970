// Owns: GET requests to allowed hosts.
// Gives: `createHttpGetTool`, the tool `http_get` that returns a page as text or JSON.
// Does not touch: other methods, and hosts or private addresses that the options do not allow.
export { createHttpGetTool, type HttpGetOptions } from "./http-get.js";
