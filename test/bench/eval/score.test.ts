import { describe, expect, it } from "vitest";
import { readCommand } from "../../../bench/eval/command.js";
import { compareText } from "../../../bench/eval/score/compare-text.js";
import { meanOf, shareOf } from "../../../bench/eval/score/intervals.js";
import { judgeAnswer } from "../../../bench/eval/score/judge.js";
import { toTable } from "../../../bench/eval/score/print.js";
import { summarize, type TaskResult } from "../../../bench/eval/score/summary.js";
import { suites } from "../../../bench/eval/suites/index.js";
import { createBudget } from "../../../src/index.js";
import { ScriptedModel } from "../../support/scripted-model.js";

describe("an answer is compared", () => {
  const right = { kind: "exact", faults: [] };
  const towers = { answer: "Ostankino Tower", others: ["Shanghai Tower"] };

  it.each([
    ["5,930.8 metres", { answer: "5931.80" }],
    ["**Ostankino Tower**", towers],
    ["The Ostankino Tower.", towers],
    [
      "Virginia Woolf",
      { answer: "Adeline Virginia Woolf", accept: ["Virginia Woolf"], others: ["Emma Bull"] },
    ],
    ["No.", { answer: "no", others: ["yes"] }],
  ])("exactly where that can be done: %s is right", (answer, gold) => {
    expect(compareText(answer, gold)).toEqual(right);
  });

  it.each([
    ["6100", { answer: "5931.80" }],
    ["The Shanghai Tower.", towers],
    ["Yes", { answer: "no", others: ["yes"] }],
  ])("exactly where that can be done: %s is wrong", (answer, gold) => {
    expect(compareText(answer, gold)).toMatchObject({ kind: "exact", faults: [expect.any(String)] });
  });

  it.each([
    ["The Ostankino Tower, which is higher than the Shanghai Tower.", towers],
    ["The one in Moscow.", towers],
    ["I know of nothing.", { answer: "no", others: ["yes"] }],
  ])("by a judge where it cannot: %s", (answer, gold) => {
    expect(compareText(answer, gold)).toEqual({ kind: "open", gold: gold.answer });
  });
});

describe("the judge", () => {
  const context = (verdict: string) => {
    const model = new ScriptedModel(() => verdict);
    return { model, budget: createBudget({}), prices: {} };
  };

  it("sees the question, the answer and the right answer, and says one word", async () => {
    const yes = context("Right.");
    expect(await judgeAnswer(yes, "Which tower?", "The one in Moscow.", "Ostankino Tower")).toEqual([]);
    const [call] = yes.model.calls;
    expect(call?.prompt).toContain('"answer": "The one in Moscow."');
    expect(call?.prompt).toContain('"rightAnswer": "Ostankino Tower"');
    const no = context("wrong, it is not right");
    expect(await judgeAnswer(no, "Which tower?", "The one in Toronto.", "Ostankino Tower")).toHaveLength(1);
  });

  it("is not asked about nothing, and without one such an answer is wrong", async () => {
    const asked = context("right");
    expect(await judgeAnswer(asked, "Which tower?", " ", "Ostankino Tower")).toHaveLength(1);
    expect(asked.model.calls).toHaveLength(0);
    const nobody = { ...asked, model: undefined };
    expect(await judgeAnswer(nobody, "Which tower?", "The one in Moscow.", "Ostankino Tower")).toHaveLength(
      1,
    );
  });
});

describe("intervals", () => {
  it("are Wilson's for shares", () => {
    const { value, low, high } = shareOf(8, 10);
    expect(value).toBe(0.8);
    expect(low).toBeCloseTo(0.4902, 4);
    expect(high).toBeCloseTo(0.9433, 4);
    expect(shareOf(20, 20).low).toBeCloseTo(0.8389, 4);
    expect(shareOf(0, 20).high).toBeCloseTo(0.1611, 4);
  });

  it("hold the mean, are as wide as the values differ, and are the same each time", () => {
    const values = Array.from({ length: 40 }, (_, index) => index % 10);
    const { value, low, high } = meanOf(values);
    expect(value).toBe(4.5);
    // The standard error of the mean is 0.454, so the interval is about 0.9 to each side.
    expect(low).toBeGreaterThan(3.4);
    expect(low).toBeLessThan(3.9);
    expect(high).toBeGreaterThan(5.1);
    expect(high).toBeLessThan(5.6);
    expect(meanOf(values)).toEqual({ value, low, high });
    expect(meanOf([3, 3, 3])).toEqual({ value: 3, low: 3, high: 3 });
  });
});

describe("results", () => {
  const result: TaskResult = {
    suite: "own",
    task: "o01",
    split: "open",
    agent: "ours",
    isRight: true,
    status: "done",
    answer: "x",
    faults: [],
    calls: 2,
    inputTokens: 1_000,
    outputTokens: 100,
    costUsd: 0.5,
    seconds: 3,
    repairs: 1,
    replans: 0,
  };

  it("are summed up by suite, half and agent", () => {
    const rows = summarize([
      result,
      { ...result, task: "o02", isRight: false, raw: "call" },
      { ...result, task: "h01", split: "held" },
      { ...result, agent: "react", isRight: false, status: "failed", costUsd: null },
    ]);
    expect(rows).toMatchObject([
      { suite: "own, open", agent: "ours", tasks: 2, right: 1, raw: 1, silent: 1, calls: 4, costUsd: 1 },
      { suite: "own, held", agent: "ours", tasks: 1, right: 1 },
      { suite: "own, open", agent: "react", tasks: 1, right: 0, silent: 0, costUsd: null },
    ]);
    expect(toTable(rows)).toContain("| own, open | ours | 1 of 2 | 9 to 91 % | 1 | 1 | 4 | 2,000 | 200 |");
  });
});

describe("the command line of the eval", () => {
  const read = (...args: readonly string[]) => readCommand(args, suites);

  it("reads a run", () => {
    const command = read(
      "--model",
      "openai:m",
      "--suite",
      "own,movies",
      "--sample",
      "5",
      "--price",
      "m=1/2.5",
      "--budget",
      "0.5",
    );
    expect(command).toMatchObject({
      kind: "run",
      maxCostUsd: 0.5,
      out: ".plan-execute/eval/openai-m",
      settings: {
        suites: ["own", "movies"],
        agents: ["ours", "react"],
        sample: 5,
        prices: { m: { inputPerMillion: 1, outputPerMillion: 2.5 } },
      },
    });
  });

  it.each([
    [[], "--model provider:name"],
    [["--model", "openai:m", "--suite", "toString"], "--suite wants one of"],
    [["--model", "openai:m", "--agent", "mine"], "--agent wants one of ours"],
    [["--model", "openai:m", "--budget", "much"], "--budget wants a number above 0"],
    [["--model", "openai:m", "--budget", "1"], "--budget needs the price of openai:m"],
    [["--model", "openai:m", "--price", "m=1"], "--price wants model=in/out"],
    [["--replay", "x", "--model", "openai:m"], "Leave out: --model."],
    [["--model", "openai:m", "--options", "[]"], "--options wants an object"],
  ])("says what is wrong with %j", (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});
