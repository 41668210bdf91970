import { AsyncLocalStorage } from "node:async_hooks";
import type { Session } from "./session.js";

const sessions = new AsyncLocalStorage<Session>();
const send = globalThis.fetch;

/**
 * Puts sessions between this process and every model. All providers' packages send with `fetch`, so neither agents nor
 * models know of it. Call it before a model is made, because some keep the `fetch` that they find.
 */
export function installSessions(): void {
  globalThis.fetch = async (input, init) => {
    const session = sessions.getStore();
    return session === undefined ? send(input, init) : session.fetch(new Request(input, init));
  };
}

/** Runs something whose model requests a session answers. */
export function withSession<Result>(
  session: Session | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  return session === undefined ? run() : sessions.run(session, run);
}

/** Sends a request to the network. */
export function sendRequest(request: Request): Promise<Response> {
  return send(request);
}
