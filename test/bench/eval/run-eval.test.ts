import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Cassette, installSessions } from "../../../bench/eval/cassette/index.js";
import { type EvalSurroundings, runEval } from "../../../bench/eval/run/run-eval.js";
import { RunFolder } from "../../../bench/eval/run/run-folder.js";
import { type EvalSettings, settingsSchema } from "../../../bench/eval/run/settings.js";
import { createPlayer, createRecorder, createUpdater, noTape } from "../../../bench/eval/run/tape-deck.js";
import { createScene, type EvalTask, type Suite } from "../../../bench/eval/task.js";
import {
  type ModelReply,
  type ModelRequest,
  type OpenAiServer,
  planReply,
  startOpenAiServer,
} from "../../support/openai-server.js";

const double = tool(({ n }) => String(2 * n), {
  name: "double",
  description: "Doubles a number",
  schema: z.object({ n: z.number() }),
  metadata: { readOnly: true },
});

const task = (id: string, n: number): EvalTask => ({
  id,
  question: `Double ${n}.`,
  open: async () =>
    createScene([double], (answer) => ({
      kind: "exact",
      faults: answer.includes(String(2 * n)) ? [] : [`The answer lacks ${2 * n}.`],
    })),
});

const suite: Suite = { name: "tiny", about: "", source: "", tasks: [task("a", 21), task("b", 4)] };

/** A perfect model for the suite: plans or calls first, and then answers with the number that it finds. */
function answer({ messages, tools = [] }: ModelRequest): ModelReply {
  const prompt = JSON.stringify(messages);
  const n = Number(/Double (\d+)\./.exec(prompt)?.[1]);
  const isKnown = prompt.includes(`${2 * n}`);
  if (isKnown) {
    return { text: `It is ${2 * n}.` };
  }
  return tools.some(({ function: { name } }) => name === "plan")
    ? planReply([{ tool: "double", args: { n }, description: "double" }])
    : { calls: [{ name: "double", args: { n } }] };
}

let root: string;
let server: OpenAiServer;

beforeAll(installSessions);

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "eval-test-"));
  server = await startOpenAiServer(answer);
});

afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

const settingsOf = (given: Partial<EvalSettings> = {}) =>
  settingsSchema.parse({
    model: "openai:tiny-model",
    baseUrl: server.environment.OPENAI_BASE_URL,
    agents: ["ours", "react"],
    suites: ["tiny"],
    options: {},
    prices: { "tiny-model": { inputPerMillion: 1, outputPerMillion: 1 } },
    ...given,
  });

/** Runs the suite in the test's folder, or in one below it. */
function run(
  settings: EvalSettings,
  { out = "out", ...given }: Partial<EvalSurroundings> & { out?: string } = {},
) {
  const folder = new RunFolder(join(root, out), settings);
  const surroundings = { suites: [suite], deck: noTape, timeoutMs: 20_000, atOnce: 1, report: () => {} };
  return runEval(settings, { ...surroundings, folder, ...given });
}

const transcriptOf = (out: string, agent: string, id: string): unknown => {
  const { seconds: _, ...transcript } = z
    .looseObject({ seconds: z.number() })
    .parse(JSON.parse(readFileSync(join(root, out, "tiny", agent, `${id}.json`), "utf8")));
  return transcript;
};

describe("a run of the eval", () => {
  it("gives each agent each task, and counts what it took", async () => {
    const { results, isSpent } = await run(settingsOf());
    expect(isSpent).toBe(false);
    expect(results.map(({ task: id, agent, isRight, status }) => [id, agent, isRight, status])).toEqual([
      ["a", "ours", true, "done"],
      ["a", "react", true, "done"],
      ["b", "ours", true, "done"],
      ["b", "react", true, "done"],
    ]);
    // The server counts 10 tokens in and 5 out for each call.
    for (const { calls, inputTokens, outputTokens, costUsd } of results) {
      expect({ inputTokens, outputTokens }).toEqual({ inputTokens: 10 * calls, outputTokens: 5 * calls });
      expect(costUsd).toBeCloseTo((15 * calls) / 1e6, 12);
    }
    expect(results.reduce((sum, { calls }) => sum + calls, 0)).toBe(server.requests.length);
  });

  it("does not run again what is done, and runs what is missing", async () => {
    await run(settingsOf({ agents: ["react"] }));
    const before = server.requests.length;
    rmSync(join(root, "out", "tiny", "react", "b.json"));
    const { results } = await run(settingsOf({ agents: ["react"] }));
    expect(results).toHaveLength(2);
    expect(
      server.requests.slice(before).every(({ messages }) => JSON.stringify(messages).includes("Double 4")),
    ).toBe(true);
    expect(server.requests.length - before).toBe(2);
  });

  it("does not mix results of two models in one folder", async () => {
    await run(settingsOf({ agents: ["react"] }));
    expect(() => run(settingsOf({ model: "openai:other" }))).toThrow("Name another folder with --out");
  });

  it("says that an answer is wrong if it is empty, raw, or of a run that failed", async () => {
    await server.close();
    server = await startOpenAiServer(({ tools = [] }) =>
      tools.length > 0 ? { text: '{"name": "double", "arguments": {"n": 42}} 42' } : { status: 400 },
    );
    const { results } = await run(settingsOf({ agents: ["react"], sample: 1 }));
    expect(results).toMatchObject([{ isRight: false, raw: "call", status: "done" }]);
  });

  it("reads calls in text for the agent that is to", async () => {
    await server.close();
    server = await startOpenAiServer((request) => {
      const { calls } = answer(request);
      const call = calls?.[0];
      return call === undefined
        ? answer(request)
        : { text: `\`\`\`json\n${JSON.stringify({ name: call.name, arguments: call.args })}\n\`\`\`` };
    });
    const { results } = await run(settingsOf({ agents: ["react", "react-text"], sample: 1 }));
    expect(results.map(({ agent, isRight }) => [agent, isRight])).toEqual([
      ["react", false],
      ["react-text", true],
    ]);
  });
});

describe("the budget of an eval", () => {
  // A call may cost its estimated prompt and 4,096 tokens; it does cost 15.
  const dear = { prices: { "tiny-model": { inputPerMillion: 1_000, outputPerMillion: 1_000 } } };

  it.each(["ours", "react"] as const)("holds for %s, over runs that were cut off", async (agent) => {
    const settings = settingsOf({ agents: [agent], maxTokens: 10, ...dear });
    const spent = () => new RunFolder(join(root, "out"), settings).spentBefore;
    const first = await run(settings, { maxCostUsd: 0.05 });
    const free = await run(settingsOf({ agents: [agent], ...dear }), { out: "free" });
    expect(free.isSpent).toBe(false);
    expect(first.isSpent).toBe(true);
    expect(first.results.length).toBeLessThan(2);
    expect(spent().costUsd).toBeLessThanOrEqual(0.05);
    const before = server.requests.length;
    const second = await run(settings, { maxCostUsd: 0.001 });
    expect(second.isSpent).toBe(true);
    expect(server.requests.length).toBe(before);
  });
});

describe("a cassette", () => {
  const record = async (settings: EvalSettings) => {
    const cassette = new Cassette(join(root, "cassette"));
    cassette.begin(settings);
    await run(settings, { deck: createRecorder(cassette, () => {}), out: "recorded" });
    await server.close();
    return cassette;
  };
  const replay = async (cassette: Cassette) => {
    const stale: string[] = [];
    const outcome = await run(cassette.settings(), { deck: createPlayer(cassette, stale), out: "replayed" });
    return { stale, ...outcome };
  };

  it("replays every call without the model, and comes to the same transcripts", async () => {
    const cassette = await record(settingsOf());
    const { stale, results } = await replay(cassette);
    expect(stale).toEqual([]);
    expect(results.map(({ isRight }) => isRight)).toEqual([true, true, true, true]);
    for (const agent of ["ours", "react"]) {
      for (const { id } of suite.tasks) {
        expect(transcriptOf("replayed", agent, id)).toEqual(transcriptOf("recorded", agent, id));
      }
    }
  });

  it("names the tasks and the role whose prompts are no longer those that were recorded", async () => {
    const cassette = await record(settingsOf({ agents: ["ours"] }));
    const settings = { ...cassette.settings(), options: { planner: { instructions: "Be brief." } } };
    writeFileSync(join(root, "cassette", "cassette.json"), JSON.stringify(settings));
    const { stale } = await replay(cassette);
    expect(stale).toEqual([
      "tiny/a (ours): the prompt of planner is another than the one recorded",
      "tiny/b (ours): the prompt of planner is another than the one recorded",
    ]);
  });

  it("says if the same answers come to another result", async () => {
    const cassette = await record(settingsOf({ agents: ["react"], sample: 1 }));
    const path = join(root, "cassette", "tiny", "react", "a.json");
    const tape = readFileSync(path, "utf8");
    writeFileSync(path, tape.replace('"answer": "It is 42."', '"answer": "It is 43."'));
    const { stale } = await replay(cassette);
    expect(stale).toEqual(['tiny/a (react): the answer is "It is 42.", it was "It is 43."']);
  });

  it("says which recordings nobody asks for any more", async () => {
    const cassette = await record(settingsOf({ agents: ["react"], sample: 1 }));
    const key = { suite: "tiny", agent: "react", task: "a" };
    const tape = cassette.read(key);
    const further = tape.exchanges.map((exchange) => ({ ...exchange, attempt: 2 }));
    cassette.save(key, { ...tape, exchanges: [...tape.exchanges, ...further] });
    const { stale } = await replay(cassette);
    expect(stale).toEqual(["tiny/a (react): calls of model_request were recorded and not made"]);
  });

  it("does not keep a run in which the server was away, and records what is missing next time", async () => {
    const settings = settingsOf({ agents: ["react"], sample: 1 });
    let isAway = true;
    await server.close();
    server = await startOpenAiServer((request) => (isAway ? { connection: "reset" } : answer(request)));
    const awaySettings = { ...settings, baseUrl: server.environment.OPENAI_BASE_URL };
    const cassette = new Cassette(join(root, "cassette"));
    cassette.begin(awaySettings);
    const lines: string[] = [];
    const deck = createRecorder(cassette, (line) => lines.push(line));
    const key = { suite: "tiny", agent: "react", task: "a" };
    await run(awaySettings, { deck });
    expect(cassette.has(key)).toBe(false);
    expect(lines.join()).toContain("tiny/a (react) is not recorded");
    isAway = false;
    await run(awaySettings, { deck });
    expect(cassette.has(key)).toBe(true);
  });

  it("does not keep a run that ran out of time", async () => {
    await server.close();
    server = await startOpenAiServer(() => ({ connection: "hang" }));
    const settings = settingsOf({ agents: ["react"], sample: 1 });
    const cassette = new Cassette(join(root, "cassette"));
    const lines: string[] = [];
    const deck = createRecorder(cassette, (line) => lines.push(line));
    const { results } = await run(settings, { deck, timeoutMs: 300 });
    expect(results).toMatchObject([{ isRight: false, status: "out of time" }]);
    expect(cassette.has({ suite: "tiny", agent: "react", task: "a" })).toBe(false);
    expect(lines.join()).toContain("it ran out of time");
  });

  it("is recorded anew with requests for what is not on it, and keeps nothing else", async () => {
    const cassette = await record(settingsOf({ agents: ["ours", "react"], sample: 1 }));
    server = await startOpenAiServer(answer);
    const react = { suite: "tiny", agent: "react", task: "a" };
    const ours = { suite: "tiny", agent: "ours", task: "a" };
    const [first, ...others] = cassette.read(react).exchanges;
    const stale = { ...first, hash: "of another prompt" };
    writeFileSync(
      join(root, "cassette", "tiny", "react", "a.json"),
      JSON.stringify({ ...cassette.read(react), exchanges: [...others, stale] }),
    );
    const before = { ...cassette.read(ours) };
    const lines: string[] = [];
    const settings = { ...cassette.settings(), baseUrl: server.environment.OPENAI_BASE_URL };
    await run(settings, { deck: createUpdater(cassette, (line) => lines.push(line)), out: "updated" });
    expect(server.requests).toHaveLength(1);
    expect(lines).toEqual(["tiny/a (ours): 0 new requests", "tiny/a (react): 1 new requests"]);
    expect(cassette.read(ours)).toEqual(before);
    expect(cassette.read(react).exchanges.map(({ hash }) => hash)).toEqual([
      first?.hash,
      ...others.map(({ hash }) => hash),
    ]);
    await server.close();
    expect((await replay(cassette)).stale).toEqual([]);
  });

  it("is the same folder wherever it lies", async () => {
    const cassette = await record(settingsOf({ agents: ["ours"] }));
    cpSync(cassette.path, join(root, "moved"), { recursive: true });
    const { stale } = await replay(new Cassette(join(root, "moved")));
    expect(stale).toEqual([]);
  });
});
