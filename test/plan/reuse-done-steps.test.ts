import { describe, expect, it } from "vitest";
import { type Plan, type PlanIssue, reuseDoneSteps } from "../../src/plan/index.js";

const repeats = (stepId: string, done: string): PlanIssue => ({
  code: "repeated-step",
  stepId,
  repeats: done,
  message: "",
});
const read = { id: "4", description: "read it", tool: "read", args: { path: "a" } };

describe("steps that do again what was done", () => {
  it("are left out, and whatever named them names what was done", () => {
    const plan: Plan = {
      steps: [
        read,
        {
          id: "5",
          description: "compare {{4.rows}} with {{40}}",
          tool: "say",
          args: { text: "{{4}}, \\{{4}}", more: [{ at: "{{4.rows[0]}}" }] },
          if: "{{4.count}} > 3",
          forEach: "{{4.rows}}",
          dependsOn: ["4"],
        },
      ],
      answer: "4",
    };
    expect(reuseDoneSteps(plan, [repeats("4", "1")])).toEqual({
      steps: [
        {
          id: "5",
          description: "compare {{1.rows}} with {{40}}",
          tool: "say",
          args: { text: "{{1}}, \\{{4}}", more: [{ at: "{{1.rows[0]}}" }] },
          if: "{{1.count}} > 3",
          forEach: "{{1.rows}}",
          dependsOn: ["1"],
        },
      ],
      answer: "1",
    });
  });

  it("stay if nothing else is in the plan, or if something else is wrong with it", () => {
    expect(reuseDoneSteps({ steps: [read] }, [repeats("4", "1")])).toBeUndefined();
    const other = { ...read, id: "5" };
    const issues: PlanIssue[] = [repeats("4", "1"), { code: "cycle", stepId: "5", message: "" }];
    expect(reuseDoneSteps({ steps: [read, other] }, issues)).toBeUndefined();
  });
});
