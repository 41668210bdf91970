import { expect, it } from "vitest";
import { createLiveThreads } from "../../../src/runtime/run/live-threads.js";
import { createDeferred, createJournal } from "../../support/deferred.js";

const letter = { cancels: [], changesTo: () => [] };

it("a thread is live from its run's beginning to its end, under each key that the run has", async () => {
  const threads = createLiveThreads();
  const first = await threads.begin("a");
  const second = await threads.begin("a");
  first.enter("a|1");
  expect(["a", "a|1", "b"].map(threads.isLive)).toEqual([true, true, false]);
  first.end();
  first.end();
  expect(["a", "a|1"].map(threads.isLive)).toEqual([true, false]);
  second.end();
  expect(threads.isLive("a")).toBe(false);
});

it("changes are handed to a run that is live, and given back at its end", async () => {
  const threads = createLiveThreads();
  expect(await threads.post("a", letter)).toBe(false);
  const run = await threads.begin("a");
  const taken = threads.post("a", letter);
  for (const mail of threads.take("a")) {
    mail.taken();
  }
  run.enter("a");
  expect(await taken).toBe(true);
  const left = threads.post("a", letter);
  expect(threads.hasMail("a")).toBe(true);
  run.end();
  expect(await left).toBe(false);
  expect(threads.hasMail("a")).toBe(false);
});

it("who writes to a thread is alone there: others write after it, and a run begins after it", async () => {
  const threads = createLiveThreads();
  const order = createJournal();
  const writing = createDeferred();
  const first = threads.alone("a", async () => {
    order.add("first begins");
    await writing.promise;
    order.add("first ends");
    throw new Error("it failed");
  });
  const second = threads.alone("a", async () => order.add("second"));
  const run = threads.begin("a").then(() => order.add("run"));
  await threads.alone("b", async () => order.add("elsewhere"));
  writing.resolve();
  await expect(first).rejects.toThrow("it failed");
  await Promise.all([second, run]);
  expect(order.entries).toEqual(["first begins", "elsewhere", "first ends", "second", "run"]);
});
