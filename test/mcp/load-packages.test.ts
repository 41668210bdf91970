import { expect, test } from "vitest";
import { importPackage } from "../../src/langgraph/index.js";
import { openMcpServers } from "../../src/mcp/index.js";
import { smallServer } from "./small-server.js";

const servers = { small: smallServer() };

test("without the package the error names the command that installs it, and nothing is started", async () => {
  const missing = openMcpServers(servers, async () => {
    throw new Error("Cannot find package '@langchain/mcp-adapters'");
  });
  await expect(missing.tools()).rejects.toMatchObject({
    code: "PACKAGE_MISSING",
    message: expect.stringContaining("npm install @langchain/mcp-adapters@1.1.4"),
  });
});

test("another version, which has not what is used, is refused in the same way", async () => {
  const other = openMcpServers(servers, async (name) =>
    name.startsWith("@langchain") ? {} : importPackage(name),
  );
  await expect(other.tools()).rejects.toMatchObject({ code: "PACKAGE_MISSING" });
});

test("what is installed later is found, and the list is the same while nothing changes", async () => {
  let isInstalled = false;
  const later = openMcpServers(servers, async (name) => {
    if (isInstalled) {
      return importPackage(name);
    }
    throw new Error("not there");
  });
  await expect(later.tools()).rejects.toMatchObject({ code: "PACKAGE_MISSING" });
  isInstalled = true;
  const [first, second] = await Promise.all([later.tools(), later.tools()]);
  expect(await later.tools()).toBe(first);
  expect(second).toBe(first);
  await later.close();
});
