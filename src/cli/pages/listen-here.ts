import type { Server } from "node:http";
import { UsageError } from "../surroundings.js";

/** The only address that the command's servers listen on. */
export const HOST = "127.0.0.1";

/** Listens on loopback. Returns the port, which the system chooses if it is 0. */
export function listenHere(server: Server, port: number): Promise<number> {
  return new Promise((listening, fail) => {
    server.once("error", (cause) =>
      fail(new UsageError(`Port ${port} cannot be used: ${cause.message}. Give another --port.`, { cause })),
    );
    server.listen(port, HOST, () => {
      const address = server.address();
      listening(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** Resolves when the signal aborts. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
