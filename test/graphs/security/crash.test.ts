import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findLockProblems } from "../../../graphs/security/lock-problems.js";
import type { Patch } from "../../../graphs/security/patch.js";
import { makePatch, verifyPatch } from "../../../graphs/security/patch-copy.js";
import { hashFiles } from "../../../graphs/security/revisions.js";
import { openSources } from "../../../graphs/security/sources.js";
import {
  makeCopy,
  openCopy,
  readRevision,
  revisionFolder,
  trailOf,
  type Workbench,
} from "../../../graphs/security/workbench.js";
import { AuditFolder } from "./audit.js";
import { watchChanges } from "./crashing-files.js";

const TURN = "0000cafe-1";
const NAME = "web-shop-0000cafe";
const patch = (name: string, from: string, to: string): Patch => ({
  package: name,
  from,
  to,
  together: [],
  resolves: [],
});
/** The first is refused, so that the second, which was made on it, has to be made anew. */
const PATCHES = [patch("query-parse", "6.5.1", "6.7.3"), patch("page-template", "4.2.1", "4.4.0")];

let folder: AuditFolder;
let bench: Workbench;
beforeAll(() => {
  folder = new AuditFolder().useExample();
  bench = { sources: openSources(folder.data), workspace: folder.workspace, now: () => new Date(0) };
});
afterAll(() => folder.remove());

/** All that an audit does to the disk, each part once for good however often it is begun. */
function patchAll(): void {
  makeCopy(bench, "web-shop", "advisories.json", TURN);
  for (const made of PATCHES) {
    makePatch(openCopy(bench, NAME), made, "1");
  }
  for (const made of PATCHES) {
    verifyPatch(openCopy(bench, NAME), made, 1);
  }
}

/** What holds after a crash: the state that the trail names is whole, and hashes to what the trail says. */
function findDamage(): string[] {
  if (trailOf(bench, NAME).entries().length === 0) {
    return [];
  }
  const copy = openCopy(bench, NAME);
  const { head, verified, copied, open } = copy.state;
  const said = [{ revision: head, after: verified.at(-1)?.after ?? copied.hashes }, ...open];
  return said.flatMap(({ revision, after }) => {
    const found = hashFiles(revisionFolder(copy, revision));
    const same = JSON.stringify(found) === JSON.stringify(after);
    const whole = existsSync(join(revisionFolder(copy, revision), "src/shop.js"));
    return same && whole ? [] : [`state ${revision} is not what the trail says`];
  });
}

function whatIsThere() {
  const copy = openCopy(bench, NAME);
  const texts = ["package.json", "package-lock.json"].map((file) =>
    readFileSync(join(revisionFolder(copy, copy.state.head), file), "utf8"),
  );
  return { facts: copy.trail.entries().map(({ fact }) => fact), texts };
}

it("a kill before any change of the file system leaves a whole copy, and going on comes to the same end", () => {
  let changes = 0;
  const stopCounting = watchChanges((count) => {
    changes = count;
  });
  patchAll();
  stopCounting();
  const expected = whatIsThere();
  expect(expected.facts.map(({ kind }) => kind)).toEqual([
    "copied",
    "patched",
    "patched",
    "refused",
    "verified",
  ]);
  expect(findLockProblems(readRevision(openCopy(bench, NAME), openCopy(bench, NAME).state.head))).toEqual([]);
  expect(changes).toBeGreaterThan(40);
  const wrong: string[] = [];
  for (let at = 1; at <= changes; at += 1) {
    rmSync(folder.workspace, { recursive: true, force: true });
    let killedAt = "";
    const stop = watchChanges((count, what) => {
      if (count < at) {
        return;
      }
      killedAt ||= what;
      // After a kill nothing more is written.
      throw new Error("killed");
    });
    try {
      expect(patchAll).toThrow("killed");
    } finally {
      stop();
    }
    for (const damage of findDamage()) {
      wrong.push(`killed before change ${at} (${killedAt}): ${damage}`);
    }
    patchAll();
    const found = whatIsThere();
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      wrong.push(`killed before change ${at} (${killedAt})`);
    }
  }
  expect(wrong).toEqual([]);
}, 60_000);
