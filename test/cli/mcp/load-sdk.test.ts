import { expect, it } from "vitest";
import { loadSdk } from "../../../src/cli/mcp/load-sdk.js";
import { callCommand } from "../test-surroundings.js";

const INSTALL =
  /serve --mcp needs the package @modelcontextprotocol\/sdk, which .*npm install @modelcontextprotocol\/sdk@1\.32\.2/;

it.each(["serve --mcp", "serve --mcp --http"])(
  "without the SDK, %s says what is missing and how to get it, and serves nothing",
  async (line) => {
    const loadPackage = async (name: string): Promise<unknown> => {
      if (name.startsWith("@modelcontextprotocol/")) {
        throw new Error(`Cannot find package '${name}'`);
      }
      return import(name);
    };
    const { exitCode, stdout, stderr } = await callCommand(line.split(" "), { loadPackage });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(INSTALL);
  },
);

it("refuses a package that has not what is used of it", async () => {
  await expect(loadSdk(async () => ({ McpServer: class {} }))).rejects.toThrow(INSTALL);
});
