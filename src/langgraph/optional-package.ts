// The packages that only some programs need. package.json does not name them as optional peers: npm resolves the peers
// of those too, and those of @langchain/community lead to a package that wants LangChain 0.3, so that even the
// installation of ours alone would fail. So we check their versions ourselves when we load them.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isRecord } from "../base/index.js";

/** The optional packages that src loads, each in the version that the tests run with. */
export const TESTED_VERSIONS = {
  "@langchain/community": "1.1.29",
  "@langchain/langgraph-checkpoint-postgres": "1.0.5",
  "@langchain/langgraph-checkpoint-sqlite": "1.0.4",
  "@langchain/mcp-adapters": "1.1.4",
  "@langchain/openai": "1.5.8",
  "@langchain/tavily": "1.2.0",
  "@modelcontextprotocol/sdk": "1.32.2",
  "@opentelemetry/api": "1.10.0",
  "duck-duck-scrape": "2.2.7",
  "fast-xml-parser": "5.2.5",
  "pg-boss": "12.38.0",
} as const;

/** The name of an optional package. */
export type OptionalPackage = keyof typeof TESTED_VERSIONS;

/** Imports a package by name. */
export type PackageLoader = (name: string) => Promise<unknown>;

/** Imports a package with the runtime's own import. */
export const importPackage: PackageLoader = (name) => import(name);

/** Loads a package at once, for code that cannot wait; undefined if it is not installed, in whatever version. */
export function requirePackage(name: OptionalPackage): unknown {
  const { url } = import.meta;
  return installedVersion(name, url) === undefined ? undefined : createRequire(url)(name);
}

/** With --legacy-peer-deps npm removes the peers that it installed by itself, so the command names ours. */
const OWN_PEERS = ["@langchain/core@1", "@langchain/langgraph@1", "langchain@1", "zod@4"];

/** The command that installs packages in their tested versions. npm cannot reconcile community's peers with zod 4. */
export function installCommand(names: readonly OptionalPackage[]): string {
  const packages = names.map((name) => `${name}@${TESTED_VERSIONS[name]}`);
  const words = names.includes("@langchain/community")
    ? ["--legacy-peer-deps", ...packages, ...OWN_PEERS]
    : packages;
  return ["npm install", ...words].join(" ");
}

/**
 * Says what is wrong with the version of a package that is installed. Undefined if nothing is, or if it is not found:
 * then it is up to the import to fail.
 * @param from - a file of the program that needs the package
 */
export function wrongVersion(name: OptionalPackage, from: string = import.meta.url): string | undefined {
  const installed = installedVersion(name, from);
  const tested = TESTED_VERSIONS[name];
  return installed === undefined || isCompatible(installed, tested)
    ? undefined
    : `is installed in version ${installed}, but ${tested} or a later ${tested.split(".", 1)[0]}.x is needed`;
}

/** Most packages do not export their package.json, so we look for it where Node looks for the package. */
function installedVersion(name: string, from: string): string | undefined {
  const folders = createRequire(from).resolve.paths(name) ?? [];
  const manifest = folders.map((folder) => join(folder, name, "package.json")).find(existsSync);
  const content: unknown = manifest === undefined ? undefined : JSON.parse(readFileSync(manifest, "utf8"));
  return isRecord(content) && typeof content.version === "string" ? content.version : undefined;
}

/** The same major version, and not an earlier one. */
function isCompatible(installed: string, tested: string): boolean {
  const [major, ...minors] = toNumbers(installed);
  const [testedMajor, ...testedMinors] = toNumbers(tested);
  const difference = testedMinors
    .map((number, index) => (minors[index] ?? 0) - number)
    .find((by) => by !== 0);
  return major === testedMajor && (difference ?? 0) >= 0;
}

function toNumbers(version: string): number[] {
  return version.split(/[.+-]/, 3).map(Number);
}
