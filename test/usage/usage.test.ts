import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  addUsage,
  costWithModel,
  emptyTokenUsage,
  emptyUsage,
  type Usage,
  usageOfCall,
  usageSchema,
} from "../../src/usage/index.js";
import { pricesSchema } from "../../src/usage/prices.js";
import { addTokenUsage } from "../../src/usage/tokens.js";
import { emptyUsageCount, usageRoleSchema } from "../../src/usage/usage.js";
import { anyUsage } from "./usage-arbitrary.js";

const tokens = { inputTokens: 1000, outputTokens: 200, cachedInputTokens: 400, reasoningTokens: 50 };
const prices = { large: { inputPerMillion: 2.5, outputPerMillion: 10, cachedInputPerMillion: 0.25 } };
/** 600 fresh, 400 cached, 200 back. */
const costUsd = 0.0036;

describe("usageSchema", () => {
  it("takes what the functions make, and nothing negative or broken", () => {
    expect(usageSchema.parse(emptyUsage())).toEqual(emptyUsage());
    expect(usageSchema.safeParse({ ...emptyUsage(), costUsd: null }).success).toBe(true);
    for (const wrong of [
      { calls: -1 },
      { failedCalls: -1 },
      { inputTokens: -1 },
      { outputTokens: 0.5 },
      { costUsd: -1 },
      { byRole: {} },
    ]) {
      expect(usageSchema.safeParse({ ...emptyUsage(), ...wrong }).success).toBe(false);
    }
  });

  it("describes every field, for the forms that are made from it", () => {
    const undescribed: string[] = [];
    const visit = (schema: unknown, path: string) => {
      if (typeof schema !== "object" || schema === null) {
        return;
      }
      if ("properties" in schema && typeof schema.properties === "object" && schema.properties !== null) {
        for (const [name, field] of Object.entries(schema.properties)) {
          if (!field.description) {
            undescribed.push(`${path}.${name}`);
          }
          visit(field, `${path}.${name}`);
        }
      }
      if ("additionalProperties" in schema) {
        visit(schema.additionalProperties, `${path}[]`);
      }
    };
    for (const schema of [usageSchema, pricesSchema]) {
      visit(z.toJSONSchema(schema), "");
    }
    expect(undescribed).toEqual([]);
  });

  it("knows the four roles", () => {
    expect(usageRoleSchema.options).toEqual(["planner", "executor", "replanner", "answer"]);
  });
});

describe("emptyUsage", () => {
  it("has no calls, no tokens and no cost", () => {
    const none = {
      calls: 0,
      failedCalls: 0,
      inputTokens: 0,
      outputTokens: 0,
      cachedInputTokens: 0,
      reasoningTokens: 0,
      costUsd: 0,
    };
    expect(emptyUsageCount()).toEqual(none);
    expect(emptyUsage()).toEqual({
      ...none,
      byRole: { planner: none, executor: none, replanner: none, answer: none },
      byStep: {},
      byModel: {},
    });
  });
});

describe("addTokenUsage", () => {
  it("adds each kind of token to its own kind", () => {
    const other = { inputTokens: 1, outputTokens: 2, cachedInputTokens: 3, reasoningTokens: 4 };
    expect(addTokenUsage(tokens, other)).toEqual({
      inputTokens: 1001,
      outputTokens: 202,
      cachedInputTokens: 403,
      reasoningTokens: 54,
    });
    expect(addTokenUsage(tokens, emptyTokenUsage())).toEqual(tokens);
  });
});

describe("costWithModel", () => {
  it("is what the same tokens would have cost with one model, and not known without its price", () => {
    expect(costWithModel({ ...emptyUsage(), ...tokens }, "large", prices)).toBe(costUsd);
    expect(costWithModel(emptyUsage(), "large", prices)).toBe(0);
    expect(costWithModel({ ...emptyUsage(), ...tokens }, "unheard-of", prices)).toBeNull();
  });
});

describe("usageOfCall", () => {
  const count = { calls: 1, failedCalls: 0, ...tokens, costUsd };

  it("counts the call in all, under its role, under its model and under its step", () => {
    const usage = usageOfCall({ role: "executor", stepId: "a", model: "large", tokens }, prices);
    expect(usage).toEqual({
      ...count,
      byRole: { ...emptyUsage().byRole, executor: count },
      byStep: { a: count },
      byModel: { large: count },
    });
  });

  it("counts a call that belongs to no step under no step", () => {
    const usage = usageOfCall({ role: "planner", model: "large", tokens }, prices);
    expect(usage.byStep).toEqual({});
    expect(usage.byRole).toEqual({ ...emptyUsage().byRole, planner: count });
  });

  it("counts a failed call, which used nothing where it said nothing", () => {
    const usage = usageOfCall({ role: "answer", model: "large", failed: true }, prices);
    expect(usage).toMatchObject({ calls: 1, failedCalls: 1, inputTokens: 0, costUsd: 0 });
    expect(usage.byRole.answer).toMatchObject({ calls: 1, failedCalls: 1 });
  });

  it("does not know the cost of a model without a price", () => {
    const usage = usageOfCall({ role: "answer", stepId: "a", model: "unheard-of", tokens }, prices);
    expect(usage).toMatchObject({ costUsd: null, byRole: { answer: { costUsd: null } } });
    expect(usage.byRole.planner.costUsd).toBe(0);
    expect(usage.byStep.a?.costUsd).toBe(null);
  });

  it("takes over no more of the tokens than it knows", () => {
    const more = { ...tokens, extra: 1 };
    expect(usageOfCall({ role: "planner", model: "large", tokens: more }, prices)).not.toHaveProperty(
      "extra",
    );
  });
});

describe("addUsage", () => {
  it("adds up what calls used, in all, by role and by step", () => {
    const usage = [
      usageOfCall({ role: "planner", model: "large", tokens }, prices),
      usageOfCall({ role: "executor", stepId: "a", model: "large", tokens }, prices),
      usageOfCall({ role: "executor", stepId: "a", model: "large", failed: true }, prices),
      usageOfCall({ role: "executor", stepId: "b", model: "large", tokens }, prices),
      usageOfCall({ role: "replanner", model: "large", tokens }, prices),
      usageOfCall({ role: "answer", model: "large", tokens }, prices),
    ].reduce(addUsage);
    expect(usage).toMatchObject({ calls: 6, failedCalls: 1, inputTokens: 5000, costUsd: 5 * costUsd });
    expect(usage.byRole.executor).toMatchObject({ calls: 3, failedCalls: 1, outputTokens: 400 });
    expect(usage.byRole).toMatchObject({
      planner: { calls: 1 },
      replanner: { calls: 1 },
      answer: { calls: 1 },
    });
    expect(usage.byStep).toMatchObject({ a: { calls: 2, costUsd }, b: { calls: 1, costUsd } });
  });

  it("keeps a cost that is not known unknown, and only there", () => {
    const known = usageOfCall({ role: "planner", model: "large", tokens }, prices);
    const unknown = usageOfCall({ role: "answer", model: "unheard-of", tokens }, prices);
    for (const sum of [addUsage(known, unknown), addUsage(unknown, known)]) {
      expect(sum.costUsd).toBe(null);
      expect(sum.byRole).toMatchObject({ planner: { costUsd }, answer: { costUsd: null } });
    }
  });

  it("is associative and commutative, and empty usage changes nothing", () => {
    fc.assert(
      fc.property(anyUsage, anyUsage, anyUsage, (first, second, third) => {
        expect(addUsage(addUsage(first, second), third)).toEqual(addUsage(first, addUsage(second, third)));
        expect(addUsage(first, second)).toEqual(addUsage(second, first));
        expect(addUsage(first, emptyUsage())).toEqual(first);
        expect(addUsage(emptyUsage(), first)).toEqual(first);
      }),
    );
  });

  it("changes neither of what it adds", () => {
    fc.assert(
      fc.property(anyUsage, anyUsage, (first, second) => {
        const before = structuredClone([first, second]);
        addUsage(first, second);
        expect([first, second]).toEqual(before);
      }),
    );
  });

  it.each(["__proto__", "constructor", "hasOwnProperty"])("takes %s for a step like any other", (stepId) => {
    const one = usageOfCall({ role: "executor", stepId, model: "large", tokens }, prices);
    const two: Usage = JSON.parse(JSON.stringify(addUsage(addUsage(emptyUsage(), one), one)));
    expect(Object.keys(two.byStep)).toEqual([stepId]);
    expect(new Map(Object.entries(two.byStep)).get(stepId)).toMatchObject({ calls: 2, inputTokens: 2000 });
    expect(Object.getPrototypeOf(two.byStep)).toBe(Object.prototype);
    expect(Object.prototype).not.toHaveProperty("calls");
  });
});
