import { unknownUrl } from "./checkpointer-error.js";

/** Throws unless a URL is `memory:` and nothing else. */
export function assertMemoryUrl(url: string): void {
  if (!/^memory:$/i.test(url)) throw unknownUrl("memory: takes no path");
}
