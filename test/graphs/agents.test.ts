import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { graph, listAgents } from "../../graphs/agents.js";
import { folderWith } from "../agent-file/files.js";

const before = process.env.PLAN_EXECUTE_AGENTS;
afterEach(() => {
  if (before === undefined) {
    Reflect.deleteProperty(process.env, "PLAN_EXECUTE_AGENTS");
  } else {
    process.env.PLAN_EXECUTE_AGENTS = before;
  }
});

const named = (agent?: unknown) => graph({ configurable: { agent } });

test("the examples are agents: one calculates, the other knows the stock", async () => {
  expect([...listAgents().keys()]).toEqual(["arithmetic", "stock"]);
  const first = await named();
  expect((await first.invoke({ input: "Calculate 6*7" })).response).toBe("42");
  const stock = await named("stock");
  const { response } = await stock.invoke({ plan: { name: "low-stock" } });
  expect(JSON.parse(response)).toMatchObject({ rows: [{ article: "lamp" }, { article: "table" }] });
});

test("a run chooses among the files of the folder, and reaches none outside", async () => {
  const folder = folderWith({
    "agents/one.yaml": "model: offline\ntools: [calculator]\ncheckpointer: sqlite:./threads.db\n",
    "agents/broken.yaml": "modle: offline\n",
    "other.yaml": "model: offline\ntools: [calculator]\n",
  });
  process.env.PLAN_EXECUTE_AGENTS = join(folder, "agents");
  expect(await named("one")).toBe(await named("one"));
  for (const name of ["../other", "other", join(folder, "other"), "", 7, {}]) {
    await expect(named(name)).rejects.toThrow(
      /There is no agent ".*" in .*agents\. There are: broken, one\./,
    );
  }
  await expect(named("broken")).rejects.toThrow(/broken.yaml:1:1: modle: there is no such option/);
});

test("a file that changed is read again", async () => {
  const folder = folderWith({ "one.yaml": "model: offline\ntools: [calculator]\n" });
  process.env.PLAN_EXECUTE_AGENTS = folder;
  const first = await named("one");
  writeFileSync(join(folder, "one.yaml"), "model: offline\ntools: [text_stats]\n");
  utimesSync(join(folder, "one.yaml"), new Date(), new Date(Date.now() + 5_000));
  const second = await named("one");
  expect(second).not.toBe(first);
  expect((await second.invoke({ input: "Calculate 6*7" })).status).toBe("refused");
});
