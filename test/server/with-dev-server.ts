import { Client } from "@langchain/langgraph-sdk";
import { afterAll, beforeAll } from "vitest";
import { type DevServer, startDevServer } from "./dev-server.js";

/** A server of the test file's own, and a client of it that tries nothing twice; both are there for its tests. */
export function withDevServer(
  take: (client: Client, server: DevServer) => void,
  environment?: Readonly<Record<string, string>>,
): void {
  let server: DevServer | undefined;
  beforeAll(async () => {
    server = await startDevServer(environment);
    take(new Client({ apiUrl: server.url, callerOptions: { maxRetries: 0 } }), server);
  }, 90_000);
  afterAll(() => server?.stop());
}
