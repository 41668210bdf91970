import { once } from "node:events";
import { createServer } from "node:http";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEventRoutes, createEventStream, type EventStream } from "../../src/streams/index.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import { token } from "./token.js";

let postgres: TestPostgres;
let stream: EventStream;

beforeAll(async () => {
  postgres = await startPostgres();
  stream = await createEventStream({ url: await postgres.createDatabase() });
});
afterAll(async () => {
  await stream.close();
  await postgres.stop();
});

const routes = () =>
  createEventRoutes({
    stream,
    authorize: (request, threadId) => request.headers.get("authorization") === `Bearer ${threadId}`,
  });

/** Reads the events of a response until `count` of them have come, and then leaves. */
async function take(response: Response | undefined, count: number): Promise<string[]> {
  const reader = response?.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const chunk = await reader?.read();
    text += chunk?.value ?? "";
    // The last part has no end yet.
    const events = text
      .split("\n\n")
      .slice(0, -1)
      .filter((part) => part.startsWith("id: "));
    if (events.length >= count || chunk?.done !== false) {
      await reader?.cancel();
      return events;
    }
  }
}

const ask = (path: string, headers: Record<string, string> = {}) =>
  routes()(new Request(`http://localhost${path}`, { headers: { authorization: "Bearer t 1", ...headers } }));

test("events are sent with their positions, from where the reader was", async () => {
  await stream.writeAll(["a\nb", "c", "d"].map((text) => token("t 1", text)));
  const [first, ...rest] = await take(await ask("/threads/t%201/events"), 3);
  expect(first).toMatch(/^id: 1\nevent: answer.token\ndata: \{.*"token":"a\\nb".*\}$/);
  expect(rest).toHaveLength(2);
  expect(await take(await ask("/api/threads/t%201/events?after=1"), 2)).toEqual(rest);
  expect(await take(await ask("/threads/t%201/events", { "last-event-id": "1" }), 2)).toEqual(rest);
});

test("who may not read a thread gets nothing of it", async () => {
  const response = await ask("/threads/another/events");
  expect(response?.status).toBe(403);
  expect(await response?.text()).toBe("You may not read the events of this thread.\n");
});

test.each([
  ["/threads/t%201/events?after=x", `"x" is no position`],
  ["/threads/t%201/events?after=-1", `"-1" is no position`],
  ["/threads/%E0%A4%A/events", `"%E0%A4%A" is no thread`],
])("%s is refused with a reason", async (path, reason) => {
  const response = await ask(path);
  expect(response?.status).toBe(400);
  expect(await response?.text()).toContain(reason);
});

test("other requests are left to others", async () => {
  expect(await ask("/threads/t%201")).toBeUndefined();
  expect(
    await routes()(new Request("http://localhost/threads/t/events", { method: "POST" })),
  ).toBeUndefined();
});

test("over real HTTP a reader that comes back has every event once", async () => {
  const serve = routes();
  const server = createServer(async ({ url = "", headers }, answer) => {
    const given = {
      authorization: headers.authorization ?? "",
      "last-event-id": `${headers["last-event-id"]}`,
    };
    const response = await serve(new Request(`http://localhost${url}`, { headers: given }));
    answer.writeHead(response?.status ?? 404, Object.fromEntries(response?.headers ?? []));
    await pipeline(response?.body ?? [], answer).catch(() => {});
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const get = (after: string) =>
    fetch(`http://127.0.0.1:${port}/threads/live/events`, {
      headers: { authorization: "Bearer live", "last-event-id": after },
    });
  const writing = (async () => {
    for (let number = 1; number <= 60; number += 1) {
      await stream.write(token("live", `${number}`));
    }
  })();
  const ids: number[] = [];
  while (ids.length < 60) {
    const events = await take(await get(`${ids.at(-1) ?? 0}`), Math.min(20, 60 - ids.length));
    ids.push(...events.map((event) => Number(/^id: (\d+)/.exec(event)?.[1])));
  }
  await writing;
  expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => index + 1));
  server.closeAllConnections();
  server.close();
});
