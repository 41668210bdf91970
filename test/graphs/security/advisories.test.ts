import { describe, expect, it } from "vitest";
import { isAffected, isPatched, readAdvisories } from "../../../graphs/security/advisories.js";
import { severityOfScore } from "../../../graphs/security/severity.js";

const base = { id: "A-1", package: "p", title: "t", severity: "high", vulnerable: "<1.0.0" };
const read = (...advisories: readonly unknown[]) =>
  readAdvisories(JSON.stringify({ advisories }), "advisories.json");
const about = (vulnerable: unknown) => read({ ...base, vulnerable })[0];

// Worked out by hand from the grammar of ranges and the order of versions of semver 2.0.0: a prerelease comes before
// its release, numbers in it are compared as numbers, and words after them. Where a range names no full version (1.x), or
// is written with a hyphen, npm counts the prereleases of its lower bound as inside, which errs on the side of caution.
const cases: readonly [string | readonly string[], readonly string[], readonly string[]][] = [
  ["<4.17.21", ["4.17.20", "0.0.1", "4.17.21-rc.1"], ["4.17.21", "4.17.22-alpha", "5.0.0"]],
  ["<=1.2.3", ["1.2.3", "1.2.3-beta", "1.2.2"], ["1.2.4", "1.2.4-alpha"]],
  [">=2.0.0 <2.3.1", ["2.0.0", "2.3.0", "2.3.1-beta.2"], ["2.3.1", "1.9.9", "2.0.0-rc.1"]],
  ["<1.4.2 || >=2.0.0 <2.0.3", ["1.4.1", "2.0.2", "1.4.2-0"], ["1.4.2", "1.9.0", "2.0.3"]],
  ["1.0.0 - 1.2.0", ["1.0.0", "1.1.9", "1.2.0"], ["1.2.1", "0.9.9", "1.2.1-alpha"]],
  ["1.2 - 2.3", ["1.2.0", "2.3.9"], ["2.4.0", "1.1.9"]],
  ["^1.2.3", ["1.2.3", "1.99.0"], ["2.0.0", "1.2.2", "2.0.0-alpha"]],
  ["^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0", "0.2.2"]],
  ["~1.2.3", ["1.2.9"], ["1.3.0"]],
  ["1.x", ["1.0.0", "1.9.9", "1.0.0-beta"], ["2.0.0", "0.9.0"]],
  ["*", ["0.0.1", "9.9.9", "1.0.0-alpha"], []],
  ["=3.0.0-beta.2", ["3.0.0-beta.2"], ["3.0.0-beta.3", "3.0.0"]],
  [
    ">=3.0.0-beta.2 <3.0.0-beta.11",
    ["3.0.0-beta.2", "3.0.0-beta.10"],
    ["3.0.0-beta.11", "3.0.0-beta.1", "3.0.0-rc.1"],
  ],
  [
    ["<1.0.5", ">=2.0.0 <2.1.0"],
    ["1.0.4", "2.0.9"],
    ["1.0.5", "2.1.0"],
  ],
  ["< 1.5.0", ["1.4.9+build.7"], ["1.5.0+build.7"]],
  ["v1.0.0", ["1.0.0"], ["1.0.1"]],
];

describe("an advisory's ranges", () => {
  it.each(cases)(
    "%j are matched by the order of versions, prereleases included",
    (ranges, inside, outside) => {
      const advisory = about(ranges);
      if (advisory === undefined) {
        throw new Error("no advisory");
      }
      expect(inside.filter((version) => !isAffected(advisory, version))).toEqual([]);
      expect(outside.filter((version) => isAffected(advisory, version))).toEqual([]);
    },
  );

  it("say which versions are patched; one that is affected as well is none of them", () => {
    const [advisory] = read({ ...base, vulnerable: ["<1.4.0", "2.0.0"], patched: [">=1.4.0 <3", ">=3.1.0"] });
    if (advisory === undefined) {
      throw new Error("no advisory");
    }
    const patched = (version: string) => isPatched(advisory, version);
    expect(["1.4.0", "2.0.1", "3.1.0"].filter(patched)).toEqual(["1.4.0", "2.0.1", "3.1.0"]);
    expect(["1.3.9", "1.4.0-rc.1", "2.0.0", "3.0.0"].filter(patched)).toEqual([]);
  });
});

describe("a file of advisories", () => {
  it.each(["<<1.0", ">=1.0.0 <two", "1.2.3.4", "latest", "", "  ", "1.0.0 -"])(
    "with the range %j is an error that names the advisory",
    (range) => {
      expect(() => read(base, { ...base, id: "A-2", vulnerable: ["<1.0.0", range] })).toThrow(
        `advisories.json has broken advisories, and nothing is matched until they are mended: A-2: "${range}" is no semver range`,
      );
    },
  );

  it("names every advisory that is broken, and not only the first", () => {
    const broken = [
      { ...base, id: "A-2", vulnerable: "nothing" },
      { ...base, id: "A-3", patched: ["soon"] },
      { ...base, id: "A-4", severity: "bad" },
      { ...base, id: "A-5", severity: undefined },
      { ...base, id: "A-6", cvss: 11 },
      { ...base, id: "A-7", vulnerable: [] },
      { ...base, id: undefined },
      base,
      base,
    ];
    let message = "";
    try {
      read(...broken);
    } catch (error) {
      message = String(error);
    }
    for (const id of [
      "A-2",
      "A-3",
      "A-4",
      "A-5",
      "A-6",
      "A-7",
      "advisory 7 (it has no id)",
      "A-1: the id is there twice",
    ]) {
      expect(message).toContain(id);
    }
  });

  it("may be a bare list; withdrawn advisories are left out, medium is moderate", () => {
    const text = JSON.stringify([
      { ...base, severity: "medium" },
      { ...base, id: "A-2", withdrawn: "2026-01-02" },
    ]);
    expect(readAdvisories(text, "a.json")).toMatchObject([{ id: "A-1", severity: "moderate" }]);
  });

  it("that is no JSON, or no list, is an error that names the file", () => {
    expect(() => readAdvisories("{", "a.json")).toThrow(/^a\.json is no JSON/);
    expect(() => readAdvisories('{"advisory":[]}', "a.json")).toThrow(/^a\.json must be/);
  });

  it("takes the severity from the score where there is no word: the bounds that CVSS publishes", () => {
    const scores = [0, 0.1, 3.9, 4, 6.9, 7, 8.9, 9, 10];
    expect(scores.map(severityOfScore)).toEqual([
      "none",
      "low",
      "low",
      "moderate",
      "moderate",
      "high",
      "high",
      "critical",
      "critical",
    ]);
    expect(read({ ...base, severity: undefined, cvss: 7.2 })[0]).toMatchObject({
      severity: "high",
      score: 7.2,
    });
  });
});
