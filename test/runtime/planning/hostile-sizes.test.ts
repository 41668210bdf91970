// A megabyte of whatever a model or a tool writes is read in a moment: what grows with the square of it takes minutes.
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";
import { validatePlan } from "../../../src/plan/index.js";
import { earlierConversation } from "../../../src/runtime/turn/shown/plan-message.js";
import { readOutputText } from "../../../src/tools/index.js";
import { plannedAgent } from "../../support/agent-run.js";

const N = 1_000_000;
const MOST_MS = 2_000;

function measure<Result>(work: () => Result): Result {
  const began = performance.now();
  const result = work();
  expect(performance.now() - began).toBeLessThan(MOST_MS);
  return result;
}

test("descriptions that end in dots but for one letter", () => {
  const description = `${".".repeat(N)}x`;
  const done = { id: "1", description, status: "done", attempts: 1, endedAt: "" } as const;
  const steps = [{ id: "2", description, dependsOn: [] }];
  const issues = measure(() => validatePlan({ steps }, { maxSteps: 5, pastSteps: [done] }));
  expect(issues).toMatchObject([{ code: "repeated-step" }]);
});

test("a tool's output of brackets stays the text that it is", () => {
  const text = "[".repeat(N / 2) + "]".repeat(N / 2);
  expect(measure(() => readOutputText(text))).toBe(text);
  const strings = JSON.stringify(["[".repeat(N), '"\\']);
  expect(measure(() => readOutputText(strings))).toEqual(JSON.parse(strings));
});

test("of a long conversation only what is shown is looked at", () => {
  let looked = 0;
  const messages = Array.from({ length: 20_000 }, (_, index) => {
    const message = index % 2 === 0 ? new HumanMessage("x".repeat(50)) : new AIMessage("y".repeat(50));
    const getType = message.getType.bind(message);
    return Object.assign(message, {
      getType: () => {
        looked += 1;
        return getType();
      },
    });
  });
  const shown = earlierConversation(messages, "none");
  expect(shown).toHaveLength(1_280);
  expect(shown.at(-1)?.text).toBe("y".repeat(50));
  expect(looked).toBeLessThan(10_000);
});

test("a planner's JSON behind empty lines", async () => {
  const text = `${"\n".repeat(200_000)}no JSON`;
  const { agent } = plannedAgent([], { planner: { method: "json" } }, { planner: () => new AIMessage(text) });
  const began = performance.now();
  await agent.invoke({ input: "go" });
  expect(performance.now() - began).toBeLessThan(MOST_MS * 2);
});
