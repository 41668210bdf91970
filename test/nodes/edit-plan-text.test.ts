import { expect, test } from "vitest";
import { editPlanText } from "../../src/nodes/edit-plan-text.js";
import type { PlanStep } from "../../src/plan/index.js";

const chain: PlanStep[] = [
  { id: "a", description: "look" },
  { id: "b", description: "think", dependsOn: ["a"] },
  { id: "c", description: "choose", dependsOn: ["b"] },
  { id: "d", description: "write", tool: "write_file", args: { content: "{{a}}" }, dependsOn: ["c", "a"] },
];

test("what came after a step that is dropped comes after what that one came after", () => {
  expect(editPlanText("1. look\n4. write", chain, [])).toEqual([chain[0], { ...chain[3], dependsOn: ["a"] }]);
});

test("steps that were dropped and went in a circle hold nobody up", () => {
  const circle: PlanStep[] = [
    { id: "x", description: "x", dependsOn: ["y"] },
    { id: "y", description: "y", dependsOn: ["x"] },
    { id: "z", description: "z", dependsOn: ["x", "past"] },
  ];
  expect(editPlanText("z", circle, ["past"])).toEqual([{ ...circle[2], dependsOn: ["past"] }]);
});

test("a line in other words is a step for an agent under the old id, a new one is a new step", () => {
  expect(editPlanText("- look\n- ponder\n- choose\n- write\n- rest", chain, ["5"])).toEqual([
    chain[0],
    { id: "b", description: "ponder", dependsOn: ["a"] },
    chain[2],
    chain[3],
    { id: "6", description: "rest" },
  ]);
});
