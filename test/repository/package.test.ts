import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { TESTED_VERSIONS } from "../../src/langgraph/optional-package.js";
import { CHECKED } from "../langgraph/touch.js";
import { findStaticImports } from "./floor-rules.js";
import { packageOf, parseSource, readSourceFiles, repositoryRoot } from "./source-files.js";

const names = z.record(z.string(), z.string());
const manifest = z
  .object({
    name: z.string(),
    version: z.string(),
    dependencies: names,
    devDependencies: names,
    peerDependencies: names,
  })
  .parse(readJson("package.json"));
const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        version: z.string().optional(),
        engines: names.optional(),
        optionalDependencies: names.optional(),
        peerDependencies: names.optional(),
      }),
    ),
  })
  .parse(readJson("package-lock.json")).packages;

const source = readSourceFiles("src", "graphs");
const imported = new Set(
  source.flatMap(({ imports }) => imports.flatMap(({ specifier }) => packageOf(specifier) ?? [])),
);
/** Those of src, and those of the graphs; package.json does not name them. */
const optional = [...Object.keys(TESTED_VERSIONS), "better-sqlite3"];

describe("package.json", () => {
  it("declares each package that src and graphs import as a dependency or a peer, but the optional ones", () => {
    const { name: own, dependencies, peerDependencies } = manifest;
    const declared = [own, ...Object.keys(dependencies), ...Object.keys(peerDependencies), ...optional];
    expect([...imported].filter((name) => !declared.includes(name))).toEqual([]);
  });

  it("installs the versions against which what LangGraph and LangChain do not document was checked", () => {
    const installed = Object.keys(CHECKED).map((name) => [name, lock[`node_modules/${name}`]?.version]);
    expect(Object.fromEntries(installed)).toEqual(CHECKED);
  });

  it("declares no dependency and no peer that src and graphs do not import", () => {
    const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    const described = declared.map((name) => name.replace("@types/", ""));
    expect(described.filter((name) => !imported.has(name))).toEqual([]);
  });

  it("installs pg-boss on Node 20 without a warning: its engines are taken out of the lock by hand", () => {
    const { engines, version } = lock["node_modules/pg-boss"] ?? {};
    expect(engines).toBeUndefined();
    expect(version).toBe(TESTED_VERSIONS["pg-boss"]);
  });

  it("names no optional package, because npm would resolve its peers too", () => {
    const { dependencies, peerDependencies } = manifest;
    expect(optional.filter((name) => name in dependencies || name in peerDependencies)).toEqual([]);
  });

  it("is tested with the versions of optional packages that the loader asks for and docs/installing.md names", () => {
    const guide = readFileSync(join(repositoryRoot, "docs/installing.md"), "utf8");
    const named = new Map(
      [...guide.matchAll(/`((?:@[\w-]+\/)?[\w-]+)@(\d+\.\d+\.\d+)`/g)].map(([, name, version]) => [
        name,
        version,
      ]),
    );
    const installed = optional.map((name) => [name, lock[`node_modules/${name}`]?.version]);
    expect(optional.map((name) => [name, named.get(name)])).toEqual(installed);
    expect(Object.fromEntries(installed)).toMatchObject(TESTED_VERSIONS);
  });

  it("takes for each peer's minimum the version that the tests run with", () => {
    const tested = Object.keys(manifest.peerDependencies)
      .filter((name) => name !== "zod")
      .map((name) => [name, `^${lock[`node_modules/${name}`]?.version}`]);
    expect(tested).toEqual(Object.entries(manifest.peerDependencies).filter(([name]) => name !== "zod"));
  });

  it("pins what it is developed with", () => {
    expect(Object.entries(manifest.devDependencies).filter(([, range]) => !/^\d/.test(range))).toEqual([]);
  });
});

describe("src and graphs", () => {
  it("imports no optional package up front, not even its types", () => {
    expect(findStaticImports(source, optional)).toEqual([]);
  });

  it("would be caught at it", () => {
    const text = 'import type { A } from "@langchain/community/a";\nawait import("@langchain/openai");';
    expect(findStaticImports([parseSource("src/tools/a.ts", text)], optional)).toEqual([
      "src/tools/a.ts:1 imports @langchain/community/a, which may not be installed",
    ]);
  });
});

describe("package-lock.json", () => {
  it("has an entry for each package of another platform: npm ci compares them all", () => {
    const missing = Object.values(lock).flatMap(({ optionalDependencies = {}, peerDependencies = {} }) =>
      Object.keys(optionalDependencies).filter((name) => !(name in peerDependencies) && !isLocked(name)),
    );
    expect(missing).toEqual([]);
  });
});

describe("CHANGELOG.md", () => {
  it("begins with the version of package.json", () => {
    const changelog = readFileSync(join(repositoryRoot, "CHANGELOG.md"), "utf8");
    expect(/^## \[(.+?)\]/m.exec(changelog)?.[1]).toBe(manifest.version);
  });
});

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(repositoryRoot, path), "utf8"));
}

function isLocked(name: string): boolean {
  return Object.keys(lock).some(
    (path) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`),
  );
}
