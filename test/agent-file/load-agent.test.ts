import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadAgent, OptionsError } from "../../src/index.js";
import { type OpenAiServer, startOpenAiServer } from "../support/openai-server.js";
import { ScriptedModel } from "../support/scripted-model.js";
import { folderWith, MODULE } from "./files.js";

const thread = { configurable: { thread_id: "1" } };
const quiet = { onWarning: () => {} };
const planOf = (...steps: object[]) => [{ name: "plan", args: { steps, answer: "1" } }];
const scripted = (...steps: object[]) => new ScriptedModel(() => planOf(...steps));

let server: OpenAiServer;
beforeAll(async () => {
  server = await startOpenAiServer(() => ({
    calls: [
      { name: "plan", args: { steps: [{ tool: "calculator", args: { expression: "6*7" } }], answer: "1" } },
    ],
  }));
});
afterAll(() => server.close());

test("a file is an agent: tools, plans, limits and approval as it says", async () => {
  const folder = folderWith({
    "agent.yaml": `
      # yaml-language-server: $schema=https://example.com/agent.schema.json
      name: desk
      description: Answers at the desk.
      model: offline
      tools:
        - calculator
        - module: ./tools.mjs
          export: [charge, look]
      plans: ./plans
      approval:
        tools:
          charge: { when: { module: ./tools.mjs, export: isLarge } }
      limits: { maxModelCalls: "\${MOST:-9}", maxSteps: "\${STEPS}" }
      checkpointer: "memory:"`,
    "tools.mjs": MODULE,
    "plans/pay.yaml":
      "name: pay\ndescription: Pays.\nparameters: { amount: { type: number } }\nsteps:\n  - { tool: charge, args: { to: ann, amount: '{{with.amount}}' } }\nanswer: '1'\n",
  });
  const agent = await loadAgent(join(folder, "agent.yaml"), { environment: { STEPS: "4" } });
  expect((await agent.invoke({ input: "Calculate 6*7" }, thread)).response).toBe("42");
  const small = await agent.invoke({ plan: { name: "pay", with: { amount: 5 } } }, thread);
  expect(small.status).toBe("done");
  const large = await agent.invoke({ plan: { name: "pay", with: { amount: 500 } } }, thread);
  expect(large.status).toBe("waiting");
  await agent.close();
});

test("a store that cannot be opened leaves nothing open", async () => {
  const folder = folderWith({
    "agent.yaml": "model: offline\ntools: [calculator]\ncheckpointer: sqlite:kept.db\nstore: nowhere:kept",
  });
  await expect(loadAgent(join(folder, "agent.yaml"))).rejects.toThrow("Nothing opens this URL");
  const open = readdirSync("/proc/self/fd").map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return "";
    }
  });
  expect(existsSync(join(folder, "kept.db"))).toBe(true);
  expect(open.filter((path) => path.startsWith(folder))).toEqual([]);
});

test("a model of a file is asked where the file says, and the provider's key stays at home", async () => {
  const folder = folderWith({
    "agent.yaml": `
      models:
        local: { model: openai:qwen, baseUrl: ${server.environment.OPENAI_BASE_URL}, temperature: 0, maxTokens: 99 }
      model: local
      tools: [calculator]`,
  });
  const agent = await loadAgent(join(folder, "agent.yaml"));
  expect((await agent.invoke({ input: "go" })).response).toBe("42");
  expect(server.requests.at(-1)).toMatchObject({ model: "qwen", temperature: 0 });
});

test("options of a caller go before those of the file, and never let more pass", async () => {
  const folder = folderWith({
    "agent.yaml":
      "model: offline\ntools: [{ module: ./tools.mjs, export: [charge] }]\napproval: { plan: true, tools: { charge: true } }\n",
    "tools.mjs": MODULE,
  });
  const load = (approval: object) =>
    loadAgent(join(folder, "agent.yaml"), {
      options: {
        model: scripted({ tool: "charge", args: { to: "ann", amount: 1 } }),
        checkpointer: new MemorySaver(),
        approval,
      },
    });
  for (const approval of [{}, { plan: false }, { tools: { charge: false } }, { plan: false, tools: {} }]) {
    const agent = await load(approval);
    const { status, __interrupt__: asked } = await agent.invoke({ input: "pay" }, thread);
    expect([status, JSON.stringify(asked)]).toEqual(["waiting", expect.stringContaining('"plan"')]);
  }
  await expect(load({ tools: "destructive" })).rejects.toThrow(/name them all in one place/);
});

test("a file without file tools needs no folder, and with them only that folder is used", async () => {
  const folder = folderWith({
    "agent.yaml": "model: offline\nroot: ./files\ntools: [read_file, list_files]\n",
    "files/a.txt": "inside",
    "b.txt": "outside",
  });
  const model = scripted({ tool: "read_file", args: { path: "a.txt" } });
  const inside = await loadAgent(join(folder, "agent.yaml"), { options: { model } });
  expect((await inside.invoke({ input: "go" })).response).toBe("inside");
  const out = scripted({ tool: "read_file", args: { path: "../b.txt" } });
  const outside = await loadAgent(join(folder, "agent.yaml"), {
    options: { model: out, replanner: { maxReplans: 0 } },
  });
  expect(JSON.stringify(await outside.invoke({ input: "go" }))).not.toContain('outside"');
});

test("nothing is opened for a file that cannot be used", async () => {
  const folder = folderWith({
    "agent.yaml": "model: nothing\ncheckpointer: sqlite:${HERE}/threads.db\n",
  });
  const environment = { HERE: folder };
  await expect(loadAgent(join(folder, "agent.yaml"), { environment })).rejects.toThrow(OptionsError);
  expect(existsSync(join(folder, "threads.db"))).toBe(false);
});

test("a form of the answer may be a JSON Schema", async () => {
  const folder = folderWith({
    "agent.yaml": `
      model: offline
      tools: [calculator]
      responseFormat:
        type: object
        properties: { total: { type: number } }
        required: [total]`,
  });
  const model = new ScriptedModel((_, tools) =>
    tools.includes("plan")
      ? planOf({ tool: "calculator", args: { expression: "6*7" } })
      : tools.length > 0
        ? [{ name: tools[0] ?? "", args: { total: 42 } }]
        : '{"total":42}',
  );
  const agent = await loadAgent(join(folder, "agent.yaml"), { ...quiet, options: { model } });
  const { structuredResponse } = await agent.invoke({ input: "go" });
  expect(structuredResponse).toEqual({ total: 42 });
});

test("a worker is another file: it does the step, keeps nothing of its own, and two files may not name each other", async () => {
  const worker = "workers: { other: { description: Does it, agent: ./other.yaml } }";
  const folder = folderWith({
    "agent.yaml": `
      model: offline
      checkpointer: "memory:"
      ${worker}
      plans:
        - name: ask
          description: Asks the other one.
          steps: [{ id: "1", description: Calculate 6*7, worker: other }]
          answer: "1"`,
    "other.yaml": "{ model: offline, tools: [calculator], checkpointer: 'sqlite:other.db' }",
    "round.yaml": "workers: { again: { description: Turns, agent: ./round.yaml } }",
  });
  const agent = await loadAgent(join(folder, "agent.yaml"), quiet);
  const { response, status } = await agent.invoke({ plan: { name: "ask", with: {} } }, thread);
  expect({ response, status }).toEqual({ response: "42", status: "done" });
  expect(existsSync(join(folder, "other.db"))).toBe(false);
  await agent.close();
  await expect(loadAgent(join(folder, "round.yaml"), quiet)).rejects.toThrow(
    /round\.yaml.*name each other as workers in a circle/s,
  );
});
