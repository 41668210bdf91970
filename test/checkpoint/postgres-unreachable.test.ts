import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCheckpointer, createStore } from "../../src/checkpoint/index.js";

let server: Server;
const sockets: Socket[] = [];
let url = "";

/** A server that takes connections and never says anything: to pg the same as an address that swallows packets. */
beforeAll(async () => {
  server = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  url = `postgres://nobody:secret@127.0.0.1:${port}/db?connect_timeout=0.2`;
});
afterAll(() => {
  for (const socket of sockets) {
    socket.destroy();
  }
  server.close();
});

test.each([
  ["checkpointer", createCheckpointer],
  ["store", createStore],
] as const)(
  "a PostgreSQL that never answers cannot be opened as a %s, and it is said what to do",
  async (what, open) => {
    const error: unknown = await open(url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "CANNOT_OPEN",
      message:
        `Cannot open the PostgreSQL ${what}: the server did not answer within 0.2 seconds. Check host, port and ` +
        "network; connect_timeout=<seconds> in the URL gives it more",
    });
    expect(JSON.stringify(error)).not.toContain("secret");
  },
);
