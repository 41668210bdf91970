import { readFileSync } from "node:fs";
import { test } from "vitest";
import { repositoryRoot } from "../repository/source-files.js";

/** The versions against which src/langgraph was checked; test/repository/package.test.ts holds them to package.json. */
export const CHECKED = {
  "@langchain/core": "1.4.0",
  "@langchain/langgraph": "1.7.3",
  "@langchain/langgraph-checkpoint-postgres": "1.0.5",
  "@langchain/langgraph-checkpoint-sqlite": "1.0.4",
  "@langchain/openai": "1.5.8",
  "@modelcontextprotocol/sdk": "1.32.2",
  langchain: "1.5.14",
  zod: "4.6.7",
} as const;

/** Something that a package does not document, and what its users lose when it changes. */
export interface Touch {
  readonly of: keyof typeof CHECKED;
  /** A sentence for whoever reads that the test failed. */
  readonly breaks: string;
}

/** A test that the package still does what it is relied on for. It fails with what breaks, and with both versions. */
export function checkTouch({ of, breaks }: Touch, name: string, check: () => unknown): void {
  test(name, async () => {
    try {
      await check();
    } catch (cause) {
      const versions = `checked against ${CHECKED[of]}, installed is ${installedVersion(of)}`;
      throw new Error(`${of} has changed (${versions}). ${breaks}`, { cause });
    }
  });
}

function installedVersion(name: string): string {
  const file = `${repositoryRoot}/node_modules/${name}/package.json`;
  const { version }: { version: string } = JSON.parse(readFileSync(file, "utf8"));
  return version;
}
