import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { installCommand, wrongVersion } from "../../src/langgraph/index.js";
import { checkTouch } from "./touch.js";

const project = mkdtempSync(join(tmpdir(), "plan-execute-optional-"));
afterAll(() => rmSync(project, { recursive: true }));

/** Puts a package that exports nothing into the project, in a version. */
function installTavily(version: string): void {
  const folder = join(project, "node_modules", "@langchain", "tavily");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ version, exports: {} }));
}

function hasOpenAi(folder: string): boolean {
  return existsSync(join(folder, "@langchain/openai/package.json"));
}

function tavilyAt(version: string): string | undefined {
  installTavily(version);
  return wrongVersion("@langchain/tavily", join(project, "program.js"));
}

describe("wrongVersion", () => {
  it("has nothing against the tested version or a later one of the same major", () => {
    expect(["1.2.0", "1.2.9", "1.10.0", "1.3.0-rc.1"].map(tavilyAt)).toEqual(Array(4).fill(undefined));
  });

  it.each(["1.1.9", "0.9.0", "2.0.0"])("refuses %s and says what is needed", (version) => {
    expect(tavilyAt(version)).toBe(`is installed in version ${version}, but 1.2.0 or a later 1.x is needed`);
  });

  it("says nothing of a package that is not installed", () => {
    expect(wrongVersion("@langchain/openai", join(project, "program.js"))).toBeUndefined();
  });

  checkTouch(
    {
      of: "@langchain/openai",
      breaks: "Its version is not where Node looks for the package, so any version would be used.",
    },
    "finds the version that a program has installed, whether or not the package exports its package.json",
    () => {
      expect(
        createRequire(import.meta.url)
          .resolve.paths("@langchain/openai")
          ?.map(hasOpenAi),
      ).toContain(true);
      expect(wrongVersion("@langchain/openai")).toBeUndefined();
    },
  );
});

describe("installCommand", () => {
  it("names packages with their versions", () => {
    expect(installCommand(["@langchain/openai", "@langchain/tavily"])).toBe(
      "npm install @langchain/openai@1.5.8 @langchain/tavily@1.2.0",
    );
  });

  it("names our peers beside @langchain/community, because its flag would have npm remove them", () => {
    expect(installCommand(["@langchain/community"])).toBe(
      "npm install --legacy-peer-deps @langchain/community@1.1.29 @langchain/core@1 @langchain/langgraph@1 langchain@1 zod@4",
    );
  });
});
