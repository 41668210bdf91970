import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { readAdvisories } from "../../../graphs/security/advisories.js";
import { changeProject } from "../../../graphs/security/change-lock.js";
import type { Patch } from "../../../graphs/security/patch.js";
import { readRegistry } from "../../../graphs/security/registry.js";
import { findFaults } from "../../../graphs/security/verify.js";
import { AuditFolder, GOAL, type Installed, project, runAudit } from "./audit.js";

const root = { name: "app", dependencies: { a: "^1.0.0", c: "^1.0.0" } };
const installed = {
  "node_modules/a": { version: "1.0.0", dependencies: { b: "^1.0.0" } },
  "node_modules/b": { version: "1.0.0" },
  "node_modules/c": { version: "1.0.0", dependencies: { b: "^1.0.0" } },
};
const registry = readRegistry(
  JSON.stringify({
    packages: {
      a: {
        "1.0.0": { dependencies: { b: "^1.0.0" } },
        "1.1.0": { dependencies: { b: "^1.0.0" } },
        "1.2.0": { dependencies: { b: "^9.0.0" } },
      },
      b: { "1.0.0": {}, "1.0.1": {} },
    },
  }),
  "registry.json",
);
const advisories = readAdvisories(
  JSON.stringify([
    { id: "X", package: "a", title: "t", severity: "high", vulnerable: "<1.1.0", patched: "1.1.0" },
    { id: "Y", package: "b", title: "t", severity: "low", vulnerable: "1.0.1", patched: "1.0.2" },
  ]),
  "advisories.json",
);
const patch: Patch = { package: "a", from: "1.0.0", to: "1.1.0", together: [], resolves: ["X"] };
const grounds = { advisories, registry };
const before = project(root, installed);
const faultsOf = (changed: Installed, ofRoot: Record<string, unknown> = root) =>
  findFaults(before, project(ofRoot, { ...installed, ...changed }), patch, grounds);
const good = { version: "1.1.0", dependencies: { b: "^1.0.0" } };

// Each lock file here was written by hand, as it might be left by a patch that went wrong.
describe("the verification", () => {
  it("finds nothing in a patch that is right", () => {
    expect(faultsOf({ "node_modules/a": good })).toEqual([]);
  });

  it("finds that the vulnerable version is still there, in any place", () => {
    expect(faultsOf({})).toContain("a@1.0.0 is still there");
    const elsewhere = { "node_modules/c/node_modules/a": { version: "1.0.0", dependencies: { b: "1" } } };
    expect(faultsOf({ "node_modules/a": good, ...elsewhere })).toContain("a@1.0.0 is still there");
  });

  it("finds versions that the registry has not, and dependencies that are not the registry's", () => {
    expect(faultsOf({ "node_modules/a": { ...good, version: "1.5.0" } })).toEqual([
      "the registry has no a@1.5.0",
    ]);
    expect(faultsOf({ "node_modules/a": { version: "1.1.0" } })).toEqual([
      "a@1.1.0 has other dependencies in the registry than in the lock file",
    ]);
  });

  it("finds what is vulnerable and was not before, wherever it came in", () => {
    expect(faultsOf({ "node_modules/a": good, "node_modules/b": { version: "1.0.1" } })).toEqual([
      "it brings in Y (low: t) with app > a@1.1.0 > b@1.0.1",
    ]);
  });

  it("finds needs that are not met, and packages that nobody needs, but not those of before", () => {
    const missing = { "node_modules/a": { version: "1.2.0", dependencies: { b: "^9.0.0" } } };
    expect(faultsOf(missing)).toEqual(["a@1.2.0 wants b ^9.0.0, and gets 1.0.0"]);
    expect(faultsOf({ "node_modules/a": good, "node_modules/z": { version: "1.0.0" } })).toContain(
      "nothing needs node_modules/z",
    );
    const broken = { ...installed, "node_modules/c": { version: "1.0.0", dependencies: { z: "1" } } };
    const after = project(root, { ...broken, "node_modules/a": good });
    expect(findFaults(project(root, broken), after, patch, grounds)).toEqual([]);
  });

  it("finds that package.json says something else than the lock file", () => {
    const after = project(root, { ...installed, "node_modules/a": good });
    const unlike = { ...after, ranges: { dependencies: { a: "^1.1.0", c: "^1.0.0" } } };
    expect(findFaults(before, unlike, patch, grounds)).toEqual([
      "package.json and the lock file do not name the same dependencies",
    ]);
  });
});

describe("a change", () => {
  it("that needs what the registry has not is an error that says what", () => {
    const change = { package: "a", from: "1.0.0", to: "1.2.0" };
    expect(() => changeProject(before, [change], registry)).toThrow(
      "a@1.2.0 needs b ^9.0.0, and the registry has no such version of b.",
    );
  });

  it.each([
    ["^1.0.0", "^2.0.0"],
    ["~1.0.0", "~2.0.0"],
    ["1.0.0", "2.0.0"],
    ["1.x", "^2.0.0"],
    [">=1.0.0 <2.0.0", "^2.0.0"],
    ["npm:a@^1.0.0", "npm:a@^2.0.0"],
    [">=1.0.0", ">=1.0.0"],
    ["latest", "latest"],
  ])("moves the range %s of package.json to %s where it must, and keeps its kind", (spec, moved) => {
    const own = project(
      { name: "app", dependencies: { a: spec } },
      { "node_modules/a": { version: "1.0.0" } },
    );
    const known = readRegistry('{"packages":{"a":{"2.0.0":{}}}}', "registry.json");
    const after = changeProject(own, [{ package: "a", from: "1.0.0", to: "2.0.0" }], known);
    expect(after.ranges.dependencies).toEqual({ a: moved });
    expect(after.manifest).toMatchObject({ dependencies: { a: moved } });
    expect(after.lock.packages.get("")?.dependencies).toEqual({ a: moved });
  });
});

describe("npm itself", () => {
  let folder: AuditFolder;
  beforeEach(() => {
    folder = new AuditFolder().useExample();
  });
  afterEach(() => folder.remove());

  const problemsOf = (path: string) =>
    new Promise<string[]>((resolve, reject) => {
      const environment = { ...process.env, npm_config_offline: "true", npm_config_update_notifier: "false" };
      const options = { cwd: path, env: environment, shell: process.platform === "win32" };
      execFile("npm", ["ls", "--all", "--package-lock-only", "--json"], options, (error, stdout) => {
        const told = z
          .object({ problems: z.array(z.string()).optional() })
          .safeParse(JSON.parse(stdout || "{}"));
        if (told.success) {
          resolve(told.data.problems ?? []);
        } else {
          reject(error ?? told.error);
        }
      });
    });

  it("finds nothing wrong in the patched copy, and in what was refused the same as the verification", async () => {
    await runAudit(folder.agent(), GOAL);
    const { folder: head } = folder.patched();
    expect(await problemsOf(head)).toEqual([]);
    const [refused = ""] = await problemsOf(join(head, "..", "1"));
    expect(refused).toMatch(/^invalid: query-parse@6\.7\.3 /);
  }, 60_000);
});
