import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { edit } from "../../support/approval.js";
import { AuditFolder, runAudit, shortly } from "./audit.js";

let folder: AuditFolder;
beforeEach(() => {
  folder = new AuditFolder();
});
afterEach(() => folder.remove());

const advisory = (id: string, name: string, vulnerable: string, patched: string, more = {}) => ({
  id,
  package: name,
  title: id,
  severity: "high",
  vulnerable,
  patched,
  ...more,
});
const audit = (name = "app") => `Check the dependencies of ${name} and fix the vulnerabilities`;
const asked = (run: Awaited<ReturnType<typeof runAudit>>) => run.asked.map((actions) => actions.map(shortly));

describe("with other data", () => {
  it("nothing is asked for where nothing is vulnerable", async () => {
    folder.useProject(
      "app",
      { dependencies: { a: "^1.0.0" } },
      { "node_modules/a": { version: "1.0.0" } },
      [advisory("X", "a", "<1.0.0", "1.0.0")],
      { a: { "1.0.0": {} } },
    );
    const run = await runAudit(folder.agent(), audit());
    expect(run.asked).toEqual([]);
    expect(run.response).toContain("app has no package that an advisory is about.");
    expect(run.status).toBe("done");
  });

  it("any number of packages is patched, one decision each, the gravest first", async () => {
    const names = Array.from({ length: 40 }, (_, at) => `part-${String(at).padStart(2, "0")}`);
    const of = <Value>(value: (name: string, at: number) => Value) =>
      Object.fromEntries(names.map((name, at) => [name, value(name, at)]));
    folder.useProject(
      "app",
      { dependencies: of(() => "^1.0.0") },
      Object.fromEntries(names.map((name) => [`node_modules/${name}`, { version: "1.0.0" }])),
      names.map((name, at) =>
        advisory(`X-${at}`, name, "<1.0.1", "1.0.1", { severity: undefined, cvss: 1 + at / 5 }),
      ),
      of(() => ({ "1.0.0": {}, "1.0.1": {} })),
    );
    const run = await runAudit(folder.agent(), audit());
    expect(asked(run)).toEqual([[...names].reverse().map((name) => `${name} 1.0.0 1.0.1`)]);
    expect(run.response).toContain("Of 40 vulnerabilities in app, 40 are mended in the copy; left: 0.");
    const { versions } = folder.patched();
    expect(Object.values(versions).filter((version) => version === "1.0.1")).toHaveLength(40);
  });

  it("a lock file of version 2 is kept whole: what it repeats for npm 6 is patched as well", async () => {
    folder.useProject(
      "app",
      { dependencies: { a: "1.0.0" } },
      { "node_modules/a": { version: "1.0.0" } },
      [advisory("X", "a", "<1.0.1", "1.0.1")],
      { a: { "1.0.1": { dependencies: { b: "^2.0.0" } } }, b: { "2.0.0": {}, "2.4.0": {}, "3.0.0": {} } },
      2,
    );
    await runAudit(folder.agent(), audit());
    const { lock, manifest } = folder.patched();
    expect(manifest).toMatchObject({ dependencies: { a: "1.0.1" } });
    expect(lock.dependencies).toEqual({
      a: { version: "1.0.1", requires: { b: "^2.0.0" } },
      b: { version: "2.4.0" },
    });
    expect(lock.packages[""]).toMatchObject({ dependencies: { a: "1.0.1" } });
  });

  it("a package that nobody needs after a patch goes, and one that is needed to run is no longer marked dev", async () => {
    folder.useProject(
      "app",
      { dependencies: { a: "^1.0.0" }, devDependencies: { c: "^1.0.0" } },
      {
        "node_modules/a": { version: "1.0.0", dependencies: { b: "^1.0.0" } },
        "node_modules/b": { version: "1.0.0" },
        "node_modules/c": { version: "1.0.0", dev: true, dependencies: { d: "^1.0.0" } },
        "node_modules/d": { version: "1.0.0", dev: true },
      },
      [advisory("X", "a", "<1.1.0", "1.1.0")],
      { a: { "1.1.0": { dependencies: { d: "^1.0.0" } } } },
    );
    await runAudit(folder.agent(), audit());
    const { lock, versions } = folder.patched();
    expect(Object.keys(versions)).toEqual(["", "node_modules/a", "node_modules/c", "node_modules/d"]);
    expect(lock.packages["node_modules/d"]).toEqual({ version: "1.0.0" });
    expect(lock.packages["node_modules/c"]).toMatchObject({ dev: true });
  });

  it("a patch that another one has made needless is not made", async () => {
    folder.useProject(
      "app",
      { dependencies: { a: "^1.0.0" } },
      {
        "node_modules/a": { version: "1.0.0", dependencies: { b: "^1.0.0" } },
        "node_modules/b": { version: "1.0.0" },
      },
      [
        advisory("X", "a", "<1.1.0", "1.1.0", { severity: "critical" }),
        advisory("Y", "b", "<1.0.1", "1.0.1"),
      ],
      { a: { "1.1.0": {} }, b: { "1.0.1": {} } },
    );
    const run = await runAudit(folder.agent(), audit());
    expect(asked(run)).toEqual([["a 1.0.0 1.1.0", "b 1.0.0 1.0.1"]]);
    expect(run.response).toContain("2 are mended");
    expect(folder.facts().map(({ kind }) => kind)).toContain("not-needed");
  });

  it("dependents are upgraded one behind the other, where only that helps", async () => {
    folder.useProject(
      "app",
      { dependencies: { a: "^1.0.0" } },
      {
        "node_modules/a": { version: "1.0.0", dependencies: { b: "~1.0.0" } },
        "node_modules/b": { version: "1.0.0", dependencies: { c: "~1.0.0" } },
        "node_modules/c": { version: "1.0.0" },
      },
      [advisory("X", "c", "<1.1.0", ">=1.1.0")],
      {
        a: { "1.0.1": { dependencies: { b: "~1.0.0" } }, "1.2.0": { dependencies: { b: "~1.1.0" } } },
        b: { "1.1.0": { dependencies: { c: "^1.1.0" } } },
        c: { "1.1.0": {} },
      },
    );
    const run = await runAudit(folder.agent(), audit());
    expect(run.asked[1]?.[0]?.args.together).toEqual([
      { package: "b", from: "1.0.0", to: "1.1.0" },
      { package: "a", from: "1.0.0", to: "1.2.0" },
    ]);
    expect(folder.patched().versions).toMatchObject({
      "node_modules/a": "1.2.0",
      "node_modules/b": "1.1.0",
      "node_modules/c": "1.1.0",
    });
  });

  it("it says plainly that there is no way, and why", async () => {
    folder.useProject(
      "app",
      { dependencies: { a: "^1.0.0" } },
      {
        "node_modules/a": { version: "1.0.0", dependencies: { b: "1.0.0", c: "1.0.0" } },
        "node_modules/b": { version: "1.0.0" },
        "node_modules/c": { version: "1.0.0" },
      },
      [advisory("X", "b", "<1.1.0", ">=1.1.0"), advisory("Y", "c", "<2.0.0", ">=2.0.0")],
      { a: { "1.0.0": {} }, b: { "1.1.0": {} }, c: { "1.0.0": {} } },
    );
    const run = await runAudit(folder.agent(), audit());
    expect(asked(run)).toEqual([["b 1.0.0 1.1.0"]]);
    expect(run.status).toBe("done");
    expect(run.response).toContain("0 are mended");
    expect(run.response).toContain(
      "X (high) in b@1.0.0: Cannot be patched: No patched version (1.1.0) can be used. Refused were b 1.0.0 to 1.1.0: a@1.0.0 wants b 1.0.0, and gets 1.1.0.",
    );
    expect(run.response).toContain(
      "Y (high) in c@1.0.0: Cannot be patched: The registry has no patched version of c above 1.0.0.",
    );
    const lockFile = "package-lock.json";
    expect(readFileSync(join(folder.patched().folder, lockFile))).toEqual(
      readFileSync(join(folder.data, "projects/app", lockFile)),
    );
  });

  it("what a workspace's own package.json does not accept is left, and said", async () => {
    folder.useProject(
      "app",
      { workspaces: ["parts/*"] },
      {
        "node_modules/part": { resolved: "parts/part", link: true },
        "parts/part": { name: "part", version: "0.0.1", dependencies: { a: "1.0.0" } },
        "node_modules/a": { version: "1.0.0" },
      },
      [advisory("X", "a", "<1.0.1", "1.0.1")],
      { a: { "1.0.1": {} } },
    );
    const run = await runAudit(folder.agent(), audit());
    expect(run.response).toContain(
      "Refused were a 1.0.0 to 1.0.1: parts/part wants a 1.0.0, and gets 1.0.1.",
    );
    expect(folder.patched().versions["node_modules/a"]).toBe("1.0.0");
  });

  it("a version that a person chose is refused where it is vulnerable itself", async () => {
    folder.useProject(
      "app",
      { dependencies: { a: "^1.0.0" } },
      { "node_modules/a": { version: "1.0.0" } },
      [advisory("X", "a", "<1.0.5", "1.0.5"), advisory("Y", "a", "1.0.6", "1.0.7")],
      { a: { "1.0.2": {}, "1.0.5": {}, "1.0.6": {} } },
    );
    let count = 0;
    const run = await runAudit(folder.agent(), audit(), (action) => {
      count += 1;
      if (count > 2) {
        return { type: "approve" };
      }
      return edit("apply_patch", { ...action.args, to: count === 1 ? "1.0.2" : "1.0.6" });
    });
    expect(asked(run)).toEqual([["a 1.0.0 1.0.5"], ["a 1.0.0 1.0.5"], ["a 1.0.0 1.0.5"]]);
    const refused = folder.facts().flatMap((fact) => (fact.kind === "refused" ? [fact.problems[0]] : []));
    expect(refused).toEqual([
      "it brings in X (high: X) with app > a@1.0.2",
      "it brings in Y (high: Y) with app > a@1.0.6",
    ]);
    expect(folder.patched().versions["node_modules/a"]).toBe("1.0.5");
  });

  it("a project that is named among several is taken, and of several none without a name", async () => {
    const texts = { "package.json": "{}", "package-lock.json": '{"lockfileVersion":3,"packages":{"":{}}}' };
    folder.useExample();
    for (const [file, text] of Object.entries(texts)) {
      folder.write(`projects/other/${file}`, text);
    }
    const other = await runAudit(folder.agent(), audit("other"), undefined, "other");
    expect(other.response).toContain("other has no package that an advisory is about.");
    const unnamed = await runAudit(folder.agent(), "Check the dependencies and fix them", undefined, "2");
    expect(unnamed.response).toContain("Name the project: in");
    expect(unnamed.response).toContain("there are other, web-shop");
    const unknown = await runAudit(
      folder.agent(),
      "Fix the vulnerabilities of project web-cafe",
      undefined,
      "3",
    );
    expect(unknown.response).toContain('There is no project "web-cafe"');
  });
});

describe("with broken data", () => {
  const broken = async (file: string, content: unknown) => {
    folder.useExample().write(file, content);
    const run = await runAudit(folder.agent(), "Audit web-shop and patch its vulnerabilities");
    expect(run.asked).toEqual([]);
    expect(() => folder.copies()).toThrow(/ENOENT/);
    expect(run.status).toBe("incomplete");
    return run.response;
  };

  it("an advisory's broken range ends the run with its name, and nothing is copied", async () => {
    const response = await broken("advisories.json", {
      advisories: [advisory("BAD-7", "a", ">=1.0.0 <two", "1")],
    });
    expect(response).toContain('BAD-7: ">=1.0.0 <two" is no semver range');
    expect(response).toContain("nothing was changed");
  });

  it("a lock file that is cut off, or of npm 6, is named", async () => {
    expect(await broken("projects/web-shop/package-lock.json", '{"lockfileVersion":3,"pack')).toContain(
      "package-lock.json is no JSON",
    );
    expect(await broken("projects/web-shop/package-lock.json", { lockfileVersion: 1 })).toContain(
      "npm install --package-lock-only",
    );
  });

  it("a file of advisories that is not there is named, and those that are", async () => {
    folder.useExample();
    const run = await runAudit(folder.agent(), "Patch the vulnerabilities of web-shop by cves-2026.json");
    expect(run.response).toContain("There is no cves-2026.json in");
    expect(run.response).toContain("there are advisories.json, registry.json");
  });
});
