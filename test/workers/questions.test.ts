import { expect, test } from "vitest";
import { toAnswer, toAsked } from "../../src/workers/index.js";

const question = (text: string) => ({
  id: "q",
  value: { actionRequests: [{ name: "charge", args: { text } }], reviewConfigs: [] },
});

test("a request is asked call by call, and answered with a decision for each", () => {
  expect(toAsked(question("short"))).toMatchObject([
    { tool: "charge", args: { text: "short" }, allowedDecisions: ["approve", "reject"] },
  ]);
  expect(toAnswer(question("short"), [{ type: "approve" }])).toEqual({ decisions: [{ type: "approve" }] });
});

test("a request that is too long to be shown whole is a question, and nothing in it can be approved", () => {
  const long = question("long ".repeat(20_000));
  expect(toAsked(long)).toMatchObject([{ allowedDecisions: ["respond", "edit"] }]);
  expect(toAnswer(long, [{ type: "respond", response: "say it in fewer words" }])).toBe(
    "say it in fewer words",
  );
});
