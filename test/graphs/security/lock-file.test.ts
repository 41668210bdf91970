import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { listDependencies } from "../../../graphs/security/dependency-tree.js";
import { readLockFile, toLockText } from "../../../graphs/security/lock-file.js";
import { findLockProblems } from "../../../graphs/security/lock-problems.js";
import { parseProject } from "../../../graphs/security/project-files.js";
import { project, projectTexts } from "./audit.js";

const root = { name: "app", dependencies: { a: "^1.0.0", b: "^1.0.0" }, devDependencies: { c: "*" } };
const installed = {
  "node_modules/a": { version: "1.0.0", dependencies: { d: "^1.0.0" } },
  "node_modules/b": { version: "1.1.0", dependencies: { d: "^2.0.0" } },
  "node_modules/b/node_modules/d": { version: "2.0.0", optionalDependencies: { e: "1" } },
  "node_modules/c": { version: "3.0.0", dev: true, dependencies: { b: "1" } },
  "node_modules/d": { version: "1.5.0" },
};

describe("the dependencies of a lock file", () => {
  it.each([2, 3])(
    "of version %i are listed with why each is there, and each version of a package by itself",
    (version) => {
      const { lock } = project(root, installed, version);
      expect(
        listDependencies(lock).map(({ name, version, direct, dev, why }) => [
          name,
          version,
          direct,
          dev,
          why,
        ]),
      ).toEqual([
        ["a", "1.0.0", true, false, ["app", "a@1.0.0"]],
        ["b", "1.1.0", true, false, ["app", "b@1.1.0"]],
        ["c", "3.0.0", true, true, ["app", "c@3.0.0"]],
        ["d", "1.5.0", false, false, ["app", "a@1.0.0", "d@1.5.0"]],
        ["d", "2.0.0", false, false, ["app", "b@1.1.0", "d@2.0.0"]],
      ]);
    },
  );

  it("are as many as there are, with all their places, and the shortest way to each", () => {
    const chain = Array.from({ length: 300 }, (_, at) => at);
    const many = Object.fromEntries(
      chain.map((at) => [`node_modules/p${at}`, { version: "1.0.0", dependencies: { [`p${at + 1}`]: "1" } }]),
    );
    many["node_modules/p300"] = { version: "1.0.0", dependencies: {} };
    const nested = { "node_modules/p7/node_modules/p300": { version: "1.0.0" } };
    const { lock } = project({ name: "app", dependencies: { p0: "1", p298: "1" } }, { ...many, ...nested });
    const all = listDependencies(lock);
    expect(all).toHaveLength(301);
    const last = all.find(({ name }) => name === "p300");
    expect(last?.why).toEqual(["app", "p298@1.0.0", "p299@1.0.0", "p300@1.0.0"]);
    expect(last?.paths).toEqual(["node_modules/p300", "node_modules/p7/node_modules/p300"]);
  });

  it("follow workspaces, links, scopes and aliases", () => {
    const { lock } = project(
      { name: "app", workspaces: ["parts/*"] },
      {
        "node_modules/part": { resolved: "parts/part", link: true },
        "parts/part": {
          name: "part",
          version: "0.0.1",
          dependencies: { "@s/x": "1", old: "npm:new@^2.0.0" },
        },
        "parts/part/node_modules/@s/x": { version: "1.0.0" },
        "node_modules/old": { name: "new", version: "2.1.0" },
      },
    );
    expect(
      listDependencies(lock).map(({ name, version, direct, why }) => [name, version, direct, why]),
    ).toEqual([
      ["@s/x", "1.0.0", true, ["parts/part", "@s/x@1.0.0"]],
      ["new", "2.1.0", true, ["parts/part", "new@2.1.0"]],
    ]);
  });

  // npm wrote this lock file and took care of all needs but those of peers: .npmrc says legacy-peer-deps.
  it("of this repository are all found, and its needs met, but for peers", () => {
    const here = (file: string) =>
      readFileSync(fileURLToPath(new URL(`../../../${file}`, import.meta.url)), "utf8");
    const own = parseProject(here("package.json"), here("package-lock.json"), "this repository");
    const problems = findLockProblems(own);
    const ofPeers = problems.filter(
      ({ edge }) =>
        own.lock.packages.get(edge?.from ?? "")?.peerDependencies?.[edge?.name ?? ""] !== undefined,
    );
    expect(problems.map(({ message }) => message)).toEqual(ofPeers.map(({ message }) => message));
    const versions = here("package-lock.json").match(/^ {4}"node_modules\/[^"]+": \{\n {6}"version"/gm);
    const found = listDependencies(own.lock);
    expect(found.flatMap(({ paths }) => paths)).toHaveLength(versions?.length ?? 0);
    expect(found.filter(({ why }) => why[0] !== "langgraph-plan-execute" && why[0] !== "sqlite")).toEqual([]);
  });
});

describe("a lock file", () => {
  const text = projectTexts(root, installed)["package-lock.json"];

  it("is written as it was read", () => {
    const layouts = [text, `${JSON.stringify(JSON.parse(text), null, "\t")}\n`];
    for (const layout of layouts) {
      expect(toLockText(readLockFile(layout, "f"))).toBe(layout);
    }
  });

  it("of version 2 repeats its packages as the tree that npm 6 reads", () => {
    const lock = readLockFile(projectTexts(root, installed, 2)["package-lock.json"], "f");
    expect(JSON.parse(toLockText(lock)).dependencies).toEqual({
      a: { version: "1.0.0", requires: { d: "^1.0.0" } },
      b: {
        version: "1.1.0",
        requires: { d: "^2.0.0" },
        dependencies: { d: { version: "2.0.0", requires: { e: "1" } } },
      },
      c: { version: "3.0.0", dev: true, requires: { b: "1" } },
      d: { version: "1.5.0" },
    });
  });

  it.each([
    ["{", /^f is no JSON/],
    ["[]", /^f is no lock file of npm/],
    ['{"lockfileVersion":1,"dependencies":{}}', /^f has lockfileVersion 1; 2 and 3 are understood/],
    ['{"lockfileVersion":3,"packages":{"node_modules/a":{}}}', /the project itself is missing/],
    [
      '{"lockfileVersion":3,"packages":{"":{},"node_modules/a":{"version":1}}}',
      /the entry "node_modules\/a" of packages is broken/,
    ],
  ])("that is %s is an error that says what is wrong", (broken, message) => {
    expect(() => readLockFile(broken, "f")).toThrow(message);
  });
});

describe("what is not consistent in a lock file", () => {
  const problems = (changed: object, ofRoot: Record<string, unknown> = root) =>
    findLockProblems(project(ofRoot, { ...installed, ...changed })).map(({ message }) => message);

  it("is found: a version that is not accepted, one that is missing, one that nobody needs", () => {
    expect(problems({})).toEqual([]);
    expect(problems({ "node_modules/d": { version: "2.1.0" } })).toEqual([
      "a@1.0.0 wants d ^1.0.0, and gets 2.1.0",
    ]);
    expect(
      problems({ "node_modules/a": { version: "1.0.0", dependencies: { d: "1", z: "^3.0.0" } } }),
    ).toEqual(["a@1.0.0 wants z ^3.0.0, and none is installed"]);
    expect(problems({ "node_modules/z": { version: "1.0.0" } })).toEqual(["nothing needs node_modules/z"]);
  });

  it("is judged as npm judges: no prereleases in plain ranges, and no verdict on tags and addresses", () => {
    const wants = (spec: string, version: string) =>
      problems({
        "node_modules/a": { version: "1.0.0", dependencies: { d: spec } },
        "node_modules/d": { version },
      }).length;
    expect(wants("^1.0.0", "1.5.0-beta.1")).toBe(1);
    expect(wants("^1.5.0-beta.0", "1.5.0-beta.1")).toBe(0);
    expect([wants("latest", "9.0.0"), wants("github:x/d", "9.0.0"), wants("*", "1.0.0-beta")]).toEqual([
      0, 0, 0,
    ]);
    expect([wants("1 || 3", "3.1.0"), wants("1 || 3", "2.1.0"), wants("1.2.0 - 1.4.9", "1.5.0")]).toEqual([
      0, 1, 1,
    ]);
  });

  it("is that package.json says something else, and heeds its overrides", () => {
    const texts = projectTexts(root, installed);
    const changed = JSON.stringify({ ...root, dependencies: { a: "^1.0.0" } });
    expect(findLockProblems(parseProject(changed, texts["package-lock.json"], "f"))[0]?.message).toContain(
      "do not name the same dependencies",
    );
    const moved = { "node_modules/d": { version: "2.1.0" } };
    expect(problems(moved, { ...root, overrides: { d: "^2.0.0" } })).toEqual([]);
    expect(() => problems({}, { ...root, overrides: { a: { d: "2" } } })).toThrow(
      "the override of a is for some packages alone",
    );
  });
});
