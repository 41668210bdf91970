import { expect, test } from "vitest";
import { describeCall, type PlanStep, writeCallWords, writeStepWords } from "../../src/plan/index.js";

function call(id: string, tool: string, args: Record<string, never> | PlanStep["args"] = {}): PlanStep {
  return { id, tool, args, description: describeCall(tool, args) ?? "" };
}

const plan: PlanStep[] = [
  call("rate", "calculator", { expression: "17*23" }),
  call("b", "add", { a: "{{rate}}", b: 551 }),
  call("c", "convert", { amount: 5, from: "USD", to: "{{rate.currency.code}}" }),
  call("d", "webSearch", { query: "the price of {{rate}}" }),
  {
    ...call("e", "send_mail", { to: "{{item.address}}", subject: "Hello you", tags: [1, 2, 3, 4, 5] }),
    forEach: "{{d}}",
  },
  { id: "f", description: "Sum {{rate}} and\n{{b}} up", tool: "add", args: { a: 1 } },
  { id: "g", description: "list_files", tool: "list_files" },
  { id: "h", description: "call", tool: "call", args: { where: { nested: ["{{index}}"] }, none: null } },
];

test("a call is said in words made from its tool, its arguments and its references", () => {
  expect(plan.map((step) => writeStepWords(step, plan))).toEqual([
    "calculator 17*23",
    "add result of step 1 and 551",
    "convert 5 from USD to currency code of step 1",
    "web search “the price of (result of step 1)”",
    "send mail to address of the item, subject “Hello you”, tags 1, 2, 3 and 2 more, for each of result of step 4",
    "Sum result of step 1 and result of step 2 up",
    "list files",
    'call {"nested":["its number"]}',
  ]);
});

test("words are cut before they fill the screen", () => {
  const words = writeCallWords("write_file", { path: "x".repeat(300), content: "y".repeat(300) }, plan);
  expect(words.length).toBeLessThanOrEqual(160);
  expect(words).toMatch(/^write file x{50,60}…, content y+…$/);
});
