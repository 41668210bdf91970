import { expect, test } from "vitest";
import { withFlags } from "../../src/cli/options/index.js";
import { FIELDS, toOptions } from "../../src/options/fields.js";

test("flags set the options that they stand for, as code would", () => {
  const options = toOptions({
    model: "a:b",
    answerModel: "c:d",
    maxSteps: 3,
    maxTurnSteps: 9,
    approvePlan: "once",
    approveTools: ["charge"],
    escalate: true,
    price: { "a:b": { inputPerMillion: 1, outputPerMillion: 2 } },
  });
  expect(options).toEqual({
    model: "a:b",
    answer: { model: "c:d" },
    planner: { maxSteps: 3 },
    limits: { maxSteps: 9 },
    approval: { plan: true, tools: { charge: true }, escalate: true },
    prices: { "a:b": { inputPerMillion: 1, outputPerMillion: 2 } },
  });
});

test("flags that are not given set nothing, so a graph's own options stand", () => {
  expect(toOptions({ fallbackModels: [], approveTools: [], escalate: false, maxSteps: undefined })).toEqual(
    {},
  );
});

test("no two options have the same name outside the code", () => {
  const names = FIELDS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test("every limit that a sentence names as code does is named as a flag instead", () => {
  const limits = FIELDS.filter(({ path }) => path[0] === "limits").map(({ path }) => path.join("."));
  expect(withFlags(limits.join(" "))).toBe(
    "--max-model-calls --max-tokens --max-cost-usd --max-turn-steps --max-duration-ms",
  );
});
