import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { linkSignal } from "../../src/base/index.js";

const listenersOn = (...controllers: readonly AbortController[]) =>
  controllers.map(({ signal }) => getEventListeners(signal, "abort").length);

test("a linked signal aborts with the first of its parents, for its reason, and leaves the others", () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const { signal } = linkSignal(first.signal, undefined, second.signal);
  expect(listenersOn(first, second)).toEqual([1, 1]);
  second.abort("second");
  first.abort("first");
  expect(signal.reason).toBe("second");
  expect(listenersOn(first, second)).toEqual([0, 0]);
});

test("a signal that is linked to an aborted one is aborted, and stays on none", () => {
  const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
  second.abort("gone");
  const { signal } = linkSignal(first.signal, second.signal, third.signal);
  expect(signal.reason).toBe("gone");
  expect(listenersOn(first, second, third)).toEqual([0, 0, 0]);
});

test("an unlinked signal no longer follows, and can still be aborted by itself", () => {
  const parent = new AbortController();
  const { signal, abort, unlink } = linkSignal(parent.signal);
  unlink();
  parent.abort("gone");
  expect(signal.aborted).toBe(false);
  expect(listenersOn(parent)).toEqual([0]);
  abort("own");
  expect(signal.reason).toBe("own");
});

test("a signal that is followed later aborts the linked one too, until that is ended", () => {
  const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
  const { signal, follow } = linkSignal(first.signal);
  const unfollow = follow(second.signal);
  unfollow();
  second.abort("second");
  expect(signal.aborted).toBe(false);
  follow(third.signal);
  third.abort("third");
  expect(signal.reason).toBe("third");
  expect(listenersOn(first, second, third)).toEqual([0, 0, 0]);
});

test("a signal that follows an aborted one is aborted at once", () => {
  const parent = new AbortController();
  parent.abort("gone");
  const { signal, follow } = linkSignal();
  follow(parent.signal);
  expect(signal.reason).toBe("gone");
  expect(listenersOn(parent)).toEqual([0]);
});
