import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEncryptedSerializer } from "../../src/checkpoint/index.js";
import type { AgentEvent } from "../../src/events/index.js";
import { createCalculatorTool, createPlanExecuteAgent } from "../../src/index.js";
import { createEventStream, type EventStream, type KeptEvent } from "../../src/streams/index.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import { token } from "./token.js";

let postgres: TestPostgres;
let url: string;
const streams: EventStream[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase();
});
afterAll(async () => {
  await Promise.all(streams.map((stream) => stream.close()));
  await postgres.stop();
});

async function open(options: Partial<Parameters<typeof createEventStream>[0]> = {}): Promise<EventStream> {
  const stream = await createEventStream({ url, ...options });
  streams.push(stream);
  return stream;
}

async function readAll(stream: EventStream, threadId: string, after = 0): Promise<KeptEvent[]> {
  const kept: KeptEvent[] = [];
  for await (const one of stream.read(threadId, { after, follow: false })) {
    kept.push(one);
  }
  return kept;
}

const textsOf = (kept: readonly KeptEvent[]) =>
  kept.map(({ event }) => (event.type === "answer.token" ? event.token : event.type));

test("a run's events are read by another stream, in order and from any place on", async () => {
  const [writer, reader] = await Promise.all([open(), open()]);
  const seen: AgentEvent[] = [];
  const agent = createPlanExecuteAgent({
    model: "offline",
    tools: [createCalculatorTool()],
    sinks: [writer],
    onEvent: (event) => seen.push(event),
  });
  await agent.invoke({ input: "Calculate 17*23" }, { configurable: { thread_id: "run" } });

  const kept = await readAll(reader, "run");
  expect(kept.map(({ event }) => event)).toEqual(JSON.parse(JSON.stringify(seen)));
  expect(kept.map(({ position }) => position)).toEqual(kept.map((_, index) => index + 1));
  expect(await readAll(reader, "run", 3)).toEqual(kept.slice(3));
  expect(await readAll(reader, "another")).toEqual([]);
});

test("who follows gets events as they come, and ends when the signal aborts", async () => {
  const [writer, reader] = await Promise.all([open(), open()]);
  const leaving = new AbortController();
  const got: string[] = [];
  const waits: number[] = [];
  const reading = (async () => {
    for await (const { event } of reader.read("live", { signal: leaving.signal })) {
      got.push(event.type === "answer.token" ? event.token : "");
      waits.push(performance.now());
    }
  })();
  await delay(200);
  for (const text of ["one", "two", "three"]) {
    const began = performance.now();
    await writer.write(token("live", text));
    await expect.poll(() => got.at(-1), { timeout: 5_000, interval: 5 }).toBe(text);
    waits[waits.length - 1] = (waits.at(-1) ?? 0) - began;
  }
  leaving.abort();
  await reading;
  expect(got).toEqual(["one", "two", "three"]);
  // By notification, so sooner than a reader looks by itself.
  expect(Math.min(...waits)).toBeLessThan(500);
});

test("several writers to one thread leave no gap, and no reader misses an event", async () => {
  const writers = await Promise.all([open(), open(), open()]);
  const reader = await open();
  const expected = writers.length * 40 * 2;
  const got: KeptEvent[] = [];
  const reading = (async () => {
    for await (const kept of reader.read("shared")) {
      got.push(kept);
      if (got.length === expected) {
        return;
      }
    }
  })();
  await Promise.all(
    writers.map(async (writer, which) => {
      for (let batch = 0; batch < 40; batch += 1) {
        const pair = [0, 1].map((half) => token("shared", `${which}.${batch}.${half}`));
        // Another thread in the same statement, in another order for each writer.
        const other = token(`other-${(batch + which) % 3}`, "x");
        await writer.writeAll(which === 1 ? [other, ...pair] : [...pair, other]);
      }
    }),
  );
  await reading;
  expect(got.map(({ position }) => position)).toEqual(got.map((_, index) => index + 1));
  for (const which of writers.keys()) {
    const own = textsOf(got).filter((text) => text.startsWith(`${which}.`));
    expect(own).toEqual(Array.from({ length: 80 }, (_, n) => `${which}.${Math.floor(n / 2)}.${n % 2}`));
  }
});

test("a reader whose connection breaks goes on by itself", async () => {
  const [writer, reader] = await Promise.all([open(), open()]);
  const got: string[] = [];
  const reading = (async () => {
    for await (const kept of reader.read("broken")) {
      got.push(...textsOf([kept]));
      if (got.at(-1) === "after") {
        return;
      }
    }
  })();
  await writer.write(token("broken", "before"));
  await expect.poll(() => got, { timeout: 5_000 }).toEqual(["before"]);
  await postgres.dropConnections();
  await expect.poll(() => writer.write(token("broken", "after")), { timeout: 5_000 }).toBeUndefined();
  await reading;
  expect(got).toEqual(["before", "after"]);
});

test("what a killed process told is there, and who follows hears of it until the kill", async () => {
  const reader = await open();
  const writer = fork(fileURLToPath(new URL("writing-process.ts", import.meta.url)), [url, "killed"], {
    execArgv: ["--import", "tsx"],
  });
  const got: string[] = [];
  for await (const kept of reader.read("killed")) {
    got.push(...textsOf([kept]));
    if (got.length === 50) {
      writer.kill("SIGKILL");
      break;
    }
  }
  await once(writer, "exit");
  const kept = textsOf(await readAll(reader, "killed"));
  expect(kept).toEqual(kept.map((_, index) => `${index}`));
  expect(kept.slice(0, 50)).toEqual(got);
});

test("a long id, odd characters and a NUL come back as they were", async () => {
  const stream = await open();
  const threadId = `${"long ".repeat(2_000)}'"\\`;
  await stream.write(token(threadId, "a\u0000b 🙂 \ud800"));
  expect(textsOf(await readAll(stream, threadId))).toEqual(["a\u0000b 🙂 \ud800"]);
});

test("with a serializer nothing readable is in the table", async () => {
  const key = { id: "k", key: createHash("sha256").update("key").digest() };
  const stream = await open({ serializer: createEncryptedSerializer({ keys: [key] }) });
  await stream.write(token("secret", "the secret word"));
  expect(textsOf(await readAll(stream, "secret"))).toEqual(["the secret word"]);
  expect(JSON.stringify(await readAll(await open(), "secret"))).not.toContain("secret word");
});

test("old events are removed in batches, and positions go on", async () => {
  const stream = await open({ keepDays: 0.5 / 86_400 });
  // With the first write the stream sweeps by itself, and then not again for minutes.
  await stream.write(token("before", "x"));
  await stream.writeAll(Array.from({ length: 4_500 }, (_, index) => token("old", `${index}`)));
  await delay(600);
  expect(await stream.sweep()).toBeGreaterThanOrEqual(4_500);
  expect(await readAll(stream, "old")).toEqual([]);
  await stream.write(token("old", "new"));
  expect((await readAll(stream, "old")).map(({ position }) => position)).toEqual([4_501]);
  await stream.deleteThread("old");
  expect(await readAll(stream, "old")).toEqual([]);
});

test("processes that open a new database together do not disturb each other", async () => {
  const fresh = await postgres.createDatabase();
  const opened = await Promise.all(Array.from({ length: 8 }, () => createEventStream({ url: fresh })));
  await Promise.all(opened.map((stream) => stream.write(token("all", "x"))));
  expect(await readAll(opened[0] as EventStream, "all")).toHaveLength(8);
  await Promise.all(opened.map((stream) => stream.close()));
});

test("a database that is away costs the run nothing, and the loss is told", async () => {
  const away = await postgres.createDatabase();
  const stream = await createEventStream({ url: away });
  await stream.close();
  const seen: AgentEvent[] = [];
  const agent = createPlanExecuteAgent({
    model: "offline",
    tools: [createCalculatorTool()],
    sinks: [stream],
    onEvent: (event) => seen.push(event),
  });
  const { status } = await agent.invoke({ input: "Calculate 17*23" }, { configurable: { thread_id: "1" } });
  expect(status).toBe("done");
  const told = seen.find(({ type }) => type === "sink.failed");
  expect(told).toMatchObject({ sink: "event stream" });
  expect(told?.type === "sink.failed" && told.lost).toBeGreaterThan(5);
});

test.each([
  ["sqlite:x.db", /UNKNOWN_URL|not one of PostgreSQL/],
  ["postgres://localhost:1/x", /cannot be opened|could not be opened|ECONNREFUSED/],
])("%s is refused with a reason", async (wrong, reason) => {
  await expect(createEventStream({ url: wrong })).rejects.toThrow(reason);
});

test("a time to keep that is none is refused", async () => {
  await expect(createEventStream({ url, keepDays: 0 })).rejects.toThrow("keepDays is 0");
});
