import { InMemoryStore, MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { OptionsError, savePlan } from "../../src/agent/index.js";
import { createCheckpointer, deleteThread } from "../../src/checkpoint/index.js";
import type { McpLog } from "../../src/mcp/index.js";
import { readMedia } from "../../src/runtime/index.js";
import { byId } from "../support/agent-run.js";
import { planCall } from "../support/scripted-model.js";
import { createServerJournal, servedAgent, smallServer } from "./small-server.js";

const mcp = { small: smallServer() };
const thread = { configurable: { thread_id: "1" } };

describe("what a server's tool gives", () => {
  test("later steps take fields of its structured content, and of JSON in its text", async () => {
    const { agent } = servedAgent(
      [
        { id: "1", tool: "small__weather", args: { city: "Oslo" } },
        { id: "2", tool: "small__json", args: {} },
        { id: "3", tool: "small__say", args: { words: "{{1.degrees}} degrees, {{2.items.0.id}} items" } },
      ],
      { mcp },
    );
    const { pastSteps } = await agent.invoke("go");
    expect(byId(pastSteps)).toMatchObject({
      1: { output: { city: "Oslo", degrees: 21 } },
      2: { output: { items: [{ id: 7 }] } },
      3: { output: "said 21 degrees, 7 items" },
    });
    expect(byId(pastSteps)[1]).not.toHaveProperty("artifact");
  });

  test("a reference that its declared output has no place for is sent back when the plan is made", async () => {
    const { agent, eventsOf } = servedAgent(
      [
        { id: "1", tool: "small__weather", args: { city: "Oslo" } },
        { id: "2", tool: "small__say", args: { words: "{{1.fahrenheit}}" } },
      ],
      { mcp },
    );
    await agent.invoke("go");
    expect(eventsOf("plan.invalid")[0]?.issues.join()).toContain("fahrenheit");
  });

  test("pictures and files are references in the state, and their bytes are in the store", async () => {
    const store = new InMemoryStore();
    const opened = await createCheckpointer("memory:");
    const { checkpointer } = opened;
    const { agent } = servedAgent([{ id: "1", tool: "small__picture", args: {} }], {
      mcp,
      store,
      checkpointer,
    });
    const { pastSteps } = await agent.invoke("go", thread);
    expect(pastSteps[0]?.output).toMatchObject([
      "a dot",
      { type: "image", mimeType: "image/png", bytes: 70, media: expect.any(String) },
      { type: "file", mimeType: "application/zip", bytes: 4, uri: "demo://blob" },
      { type: "file", url: "demo://link" },
    ]);
    const outputs = z
      .array(z.looseObject({ type: z.string(), media: z.string().optional() }))
      .parse([pastSteps[0]?.output].flat().slice(1));
    const { values } = await agent.getState(thread);
    expect(JSON.stringify(values)).not.toContain("iVBORw0KGgo");
    const [reference] = outputs.filter(({ type }) => type === "image");
    const media = await readMedia({ media: reference?.media }, { store, threadId: "1" });
    expect(media).toEqual({ mimeType: "image/png", data: expect.stringMatching(/^iVBORw0KGgo/) });
    await deleteThread(opened, "1", { store });
    expect(await readMedia({ media: reference?.media }, { store, threadId: "1" })).toBeUndefined();
  });
});

describe("a server that ends", () => {
  test("is a failed step with its last words, and runs again for the next call", async () => {
    const plans = [
      planCall([{ id: "1", tool: "small__die", args: {} }]),
      planCall([{ id: "1", tool: "small__say", args: { words: "back" } }]),
    ];
    const { agent } = servedAgent([], { mcp }, { planner: () => plans.shift() ?? "no plan" });
    const dead = await agent.invoke("go");
    expect(dead.pastSteps[0]?.error?.message).toMatch(/"small" ended \(exit code 3\).*out of memory, sorry/);
    expect((await agent.invoke("go")).pastSteps[0]?.output).toBe("said back");
  });

  test("in the middle of a call that only reads gets the call again; one that acts is not called twice", async () => {
    const journal = createServerJournal();
    const { agent } = servedAgent(
      [
        { id: "1", tool: "small__die_once", args: {} },
        { id: "2", tool: "small__die", args: {}, dependsOn: ["1"] },
      ],
      { mcp: { small: smallServer(journal) } },
    );
    const { pastSteps } = await agent.invoke("go");
    expect(byId(pastSteps)).toMatchObject({ 1: { output: "alive", attempts: 2 }, 2: { attempts: 1 } });
    expect(journal.lines()).toEqual(["die_once", "die_once", "die"]);
  });

  test("cannot be started: the run says which, why, and where to look", async () => {
    const { agent } = servedAgent([], { mcp: { files: { command: "no-such-command" } } });
    await expect(agent.invoke("go")).rejects.toMatchObject({
      code: "CONNECT_FAILED",
      server: "files",
      message: expect.stringMatching(
        /"files" could not be started: spawn no-such-command ENOENT.*command, args/,
      ),
    });
    const broken = servedAgent([], {
      mcp: {
        files: { command: process.execPath, args: ["-e", "console.error('no config'); process.exit(2)"] },
      },
    });
    await expect(broken.agent.invoke("go")).rejects.toThrow(/Its last words: "no config"/);
  });
});

describe("what a server says of its tools", () => {
  test("hints decide what is read-only, what is repeated, and what waits", async () => {
    const journal = createServerJournal();
    const { agent, eventsOf } = servedAgent(
      [
        { id: "1", tool: "small__append", args: {} },
        { id: "2", tool: "small__fail", args: {} },
        { id: "3", tool: "small__overwrite", args: {}, dependsOn: [] },
      ],
      {
        mcp: { small: smallServer(journal) },
        approval: { tools: "destructive" },
        checkpointer: new MemorySaver(),
      },
    );
    const run = await agent.invoke("go", thread);
    expect(eventsOf("approval.asked")[0]?.actions.map(({ name }) => name)).toEqual(["small__overwrite"]);
    expect(run.status).toBe("waiting");
    // It is idempotent, and failed with an error that tells nothing.
    expect(journal.lines()).toEqual(["fail", "fail"]);
  });

  test("are the server's word; the host's own hints go before them", async () => {
    const journal = createServerJournal();
    const steps = [{ id: "1", tool: "small__delete_all", args: {} }];
    const options = { approval: { tools: "destructive" as const }, checkpointer: new MemorySaver() };
    const lied = servedAgent(steps, { mcp: { small: smallServer(journal) }, ...options });
    expect((await lied.agent.invoke("go", thread)).status).toBe("done");
    expect(journal.lines()).toEqual(["deleted"]);
    const doubted = { ...smallServer(journal), hints: { "*": { readOnly: false, destructive: true } } };
    const wary = servedAgent(steps, { mcp: { small: doubted }, ...options });
    const run = await wary.agent.invoke("go", { configurable: { thread_id: "2" } });
    expect(run.status).toBe("waiting");
    expect(journal.lines()).toEqual(["deleted"]);
  });

  test("descriptions are cut, show what is hidden in them, and open none of the prompt's tags", async () => {
    const { agent, model } = servedAgent(
      [
        { id: "1", tool: "small__attack", args: { a: "x" } },
        { id: "2", description: "Tell what {{1}} says", tools: ["small__attack"] },
      ],
      { mcp: { small: { ...smallServer(), tools: ["attack"] } } },
      { agent: "told" },
    );
    await agent.invoke("go");
    const [planner, ...others] = model.calls;
    expect(planner?.prompt.match(/<goal>/g)).toHaveLength(1);
    expect(planner?.prompt.match(/<\/tools>/g)).toHaveLength(1);
    expect(planner?.prompt).not.toMatch(/[\u{e0000}-\u{e007f}]/u);
    expect(planner?.prompt.length).toBeLessThan(4_000);
    expect(others.map(({ prompt }) => prompt).join()).not.toContain("<goal>Wire");
  });

  test.each([
    ["tools", { tools: ["say", "sing"] }],
    ["hints", { hints: { "*": {}, sing: { destructive: true } } }],
  ])("a name in %s that the server has not is refused", async (option, named) => {
    const { agent } = servedAgent([], { mcp: { small: { ...smallServer(), ...named } } });
    await expect(agent.invoke("go")).rejects.toThrow(
      `"small" has no tool "sing", which mcp.small.${option} names`,
    );
  });

  test.each([
    ["endless", "pages"],
    ["huge", '"huge" whose arguments take too much JSON Schema'],
  ])("a list that is %s is refused", async (how, said) => {
    const small = smallServer();
    const { agent } = servedAgent([], { mcp: { small: { ...small, args: [...(small.args ?? []), how] } } });
    await expect(agent.invoke("go")).rejects.toThrow(said);
  });

  test("a rule of approval for a tool that no server has is refused before anything runs", async () => {
    const { agent, model } = servedAgent([], { mcp, approval: { tools: { small__sing: true } } });
    await expect(agent.invoke("go")).rejects.toBeInstanceOf(OptionsError);
    expect(model.calls).toEqual([]);
  });
});

describe("while a call is under way", () => {
  test("progress is an event of the step, and a step that is out of time cancels its request", async () => {
    const journal = createServerJournal();
    const { agent, eventsOf } = servedAgent([{ id: "1", tool: "small__slow", args: {} }], {
      mcp: { small: smallServer(journal) },
      executor: { stepTimeoutMs: 300, retry: { maxAttempts: 1 } },
    });
    const { pastSteps } = await agent.invoke("go");
    await journal.until("slow cancelled");
    expect(pastSteps[0]?.error?.code).toBe("TIMEOUT");
    expect(
      eventsOf("tool.progress").map(({ stepId, tool, progress, total, message }) => [
        stepId,
        tool,
        progress,
        total,
        message,
      ]),
    ).toEqual([
      ["1", "small__slow", 1, 2, "part 1"],
      ["1", "small__slow", 2, 2, "part 2"],
    ]);
  });

  test("a run that is cancelled cancels the request", async () => {
    const journal = createServerJournal();
    const { agent } = servedAgent([{ id: "1", tool: "small__slow", args: {} }], {
      mcp: { small: smallServer(journal) },
    });
    const controller = new AbortController();
    const running = agent.invoke("go", { signal: controller.signal });
    await journal.until("slow begins");
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    await journal.until("slow cancelled");
  });

  test("a server's log is heard, and a tool that it adds is there for the next turn", async () => {
    const logs: McpLog[] = [];
    const small = { ...smallServer(), onLog: (log: McpLog) => logs.push(log) };
    const { agent, model } = servedAgent([{ id: "1", tool: "small__grow", args: {} }], { mcp: { small } });
    await agent.invoke("go");
    expect(logs).toEqual([{ level: "info", logger: "small", data: "it grew" }]);
    expect(model.calls[0]?.prompt).not.toContain("small__grown");
    await agent.invoke("again").catch(() => {});
    expect(model.calls.findLast(({ role }) => role === "planner")?.prompt).toContain("small__grown");
  });

  test("saved plans may use its tools, and a plan that used them can be saved by another process", async () => {
    const checkpointer = new MemorySaver();
    const steps = [{ id: "1", tool: "small__say", args: { words: "x" } }];
    await servedAgent(steps, { mcp, checkpointer }).agent.invoke("go", thread);
    const words = { name: "say", description: "Says a word", parameters: { word: "x" } };
    const plan = await savePlan(servedAgent([], { mcp, checkpointer }).agent, "1", words);
    const { agent } = servedAgent([], { mcp, plans: [plan] });
    const run = await agent.invoke({ plan: { name: "say", with: { word: "y" } } });
    expect(run.pastSteps[0]?.output).toBe("said y");
  });

  test("calls carry the step's idempotency key", async () => {
    const journal = createServerJournal();
    const { agent } = servedAgent([{ id: "write", tool: "small__overwrite", args: {} }], {
      mcp: { small: smallServer(journal) },
    });
    await agent.invoke("go");
    expect(journal.lines()[0]).toMatch(/^overwrite [0-9a-f-]{36}:write$/);
  });

  test("the process gets the environment that it is given, and no more than the SDK's own", async () => {
    process.env.PLAN_EXECUTE_SECRET = "x";
    const { agent } = servedAgent([{ id: "1", tool: "small__environment", args: {} }], {
      mcp: { small: { ...smallServer(), env: { GIVEN: "1" } } },
    });
    const { pastSteps } = await agent.invoke("go");
    delete process.env.PLAN_EXECUTE_SECRET;
    const names = Object.keys(Object(pastSteps[0]?.output));
    const allowed = ["HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "GIVEN"];
    expect(names).toContain("GIVEN");
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
  });
});
