import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openTrail, sha256, type TrailFact } from "../../../graphs/security/trail.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plan-execute-trail-"));
  file = join(folder, "trail.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openTrail(file, () => new Date("2026-03-05T12:00:00Z"));
const report = (name: string): TrailFact => ({ kind: "reported", report: name, sha256: sha256(name) });

it("adds entries, each with the hash of the one before it", () => {
  const trail = open();
  const first = trail.record("a", report("one"));
  trail.record("b", report("two"));
  const [line = "", next = ""] = readFileSync(file, "utf8").split("\n");
  expect(first).toMatchObject({
    n: 1,
    at: "2026-03-05T12:00:00.000Z",
    previous: sha256(""),
    hash: sha256(line),
  });
  expect(JSON.parse(next)).toMatchObject({ n: 2, previous: sha256(line), fact: report("two") });
});

it("takes what has a key once, also when it is opened anew", () => {
  open().record("a", report("one"));
  expect(open().record("a", report("other")).fact).toEqual(report("one"));
  expect(open().entries()).toHaveLength(1);
});

it("does not take for an entry what a kill left of one, and goes on in its place", () => {
  open().record("a", report("one"));
  const whole = readFileSync(file, "utf8");
  for (const torn of ['{"n":2,"at":"2026', whole.trimEnd()]) {
    appendFileSync(file, torn);
    expect(open().entries()).toHaveLength(1);
    open().record("b", report("two"));
    expect(
      open()
        .entries()
        .map(({ key }) => key),
    ).toEqual(["a", "b"]);
    writeFileSync(file, whole);
  }
});

it("tells where it was changed, cut or added to by hand", () => {
  for (const name of ["one", "two", "three"]) {
    open().record(name, report(name));
  }
  const lines = readFileSync(file, "utf8").split("\n");
  const [one = "", two = "", three = ""] = lines;
  const forged: readonly [readonly string[], RegExp][] = [
    [[one.replace("12:00", "13:00"), two, three, ""], /line 2: the trail was changed/],
    [[one, three, ""], /line 2: the trail was changed/],
    [[two, three, ""], /line 1: the trail was changed/],
    [[one, "nothing", two, ""], /line 2: the trail was changed: this is no JSON/],
    [[one, "{}", two, ""], /line 2: this is no entry/],
  ];
  for (const [text, message] of forged) {
    writeFileSync(file, text.join("\n"));
    expect(() => open().entries()).toThrow(message);
    expect(() => open().record("new", report("new"))).toThrow(message);
  }
});
