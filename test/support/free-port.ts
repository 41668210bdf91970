import { once } from "node:events";
import { createServer } from "node:net";

/** Finds a port of loopback that nobody listens on. Somebody else may take it before the caller does. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") {
    throw new Error("the probe has no port");
  }
  return address.port;
}
