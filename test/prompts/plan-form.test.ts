// What a model may write that is held to a plan's form, and that nothing which is needed is missing from it.
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type BareSchema, toBareSchema } from "../../src/models/index.js";
import { planSchema, readPlan, validatePlan } from "../../src/plan/index.js";
import { toPlanForm } from "../../src/prompts/index.js";
import { createBuiltinTools, createToolRegistry } from "../../src/tools/index.js";

const pay = tool(() => "paid", {
  name: "pay",
  description: "Pays",
  schema: z.object({
    to: z.email(),
    amount: z.number().positive(),
    isUrgent: z.boolean(),
    items: z.array(z.string()),
    note: z.string().nullish(),
    share: z.number().optional(),
    mode: z.enum(["card", "cash"]),
  }),
});
const registry = createToolRegistry([...createBuiltinTools({ root: "." }), pay]);
const tools = registry.describe();

/** Whether a grammar made of a schema allows a value. Patterns are those of regular expressions. */
function allows(schema: BareSchema, value: unknown): boolean {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.some((member) => allows(member, value));
  }
  if (schema.enum !== undefined) {
    return schema.enum.some((one) => one === value);
  }
  switch (schema.type) {
    case undefined:
      return true;
    case "null":
      return value === null;
    case "integer":
      return Number.isInteger(value);
    case "array":
      return (
        Array.isArray(value) &&
        value.length <= (schema.maxItems ?? value.length) &&
        value.every((item) => allows(schema.items ?? {}, item))
      );
    case "object": {
      const { properties, required = [] } = schema;
      const fields = Object.entries(Object(value));
      return (
        properties === undefined ||
        (required.every((name) => Object.hasOwn(Object(value), name)) &&
          fields.every(([name, field]) => {
            const inner = properties[name];
            return inner !== undefined && allows(inner, field);
          }))
      );
    }
    case "string":
      return typeof value === "string" && new RegExp(schema.pattern ?? "").test(value);
    default:
      return typeof value === schema.type;
  }
}

const form = toPlanForm({ tools, maxSteps: 6 });
const step = (name: string, args: object, others: object = {}) => ({
  description: `do ${name}`,
  ...others,
  tool: name,
  args,
});
const payment = { to: "a@example.org", amount: 3, isUrgent: true, items: ["a"], mode: "card" };
const allowsSteps = (...steps: readonly unknown[]) => allows(form, { steps });

describe("the form of a plan", () => {
  it("allows calls of each tool by name, with its own arguments, and steps in words", () => {
    expect(allowsSteps()).toBe(true);
    expect(allowsSteps(step("pay", payment), { description: "think" })).toBe(true);
    expect(allowsSteps(step("pay", { ...payment, note: "n", share: 0.5 }))).toBe(true);
    expect(allowsSteps(step("calculator", { expression: "1 + {{1}}" }))).toBe(true);
    expect(
      allowsSteps(step("csv_query", { path: "a.csv", where: [{ column: "a", op: "=", value: 1 }] })),
    ).toBe(true);
  });

  it("allows neither other tools, nor arguments of another tool, nor one that is missing or invented", () => {
    expect(allowsSteps(step("nothing", {}))).toBe(false);
    expect(allowsSteps(step("calculator", payment))).toBe(false);
    expect(allowsSteps(step("pay", { to: "a" }))).toBe(false);
    expect(allowsSteps(step("pay", { ...payment, "description ": "x" }))).toBe(false);
    expect(allowsSteps(step("pay", { ...payment, mode: "gold" }))).toBe(false);
    expect(allowsSteps(...Array.from({ length: 7 }, () => ({ description: "a" })))).toBe(false);
  });

  it("allows a reference for a value that is no text: where it must be there, or is a number", () => {
    const references = {
      amount: "{{1.total}}",
      isUrgent: "{{2}}",
      items: "{{1.rows}}",
      share: "{{item.part}}",
    };
    expect(allowsSteps(step("pay", { ...payment, ...references }))).toBe(true);
    expect(allowsSteps(step("pay", { ...payment, amount: "{{120}} EUR" }))).toBe(false);
    expect(allowsSteps(step("pay", { ...payment, amount: "12" }))).toBe(false);
    expect(allowsSteps(step("csv_query", { path: "a.csv", select: "{{0.name}}" }))).toBe(false);
  });

  it("leaves conditions and lists to validation, because patterns for them are slow", () => {
    const step = { description: "a", if: "stock is low", forEach: "nothing" };
    expect(allowsSteps(step)).toBe(true);
    const read = readPlan({ steps: [step] }, { tools: registry.planTools() });
    expect(validatePlan(read.found ? read.plan : undefined, { tools: registry.planTools() })).not.toEqual([]);
  });

  it("allows names of earlier steps in a new remainder, as they were given", () => {
    const remainder = toPlanForm({ tools, maxSteps: 6, pastIds: ["fetch-data", "2"] });
    expect(allows(remainder, { steps: [step("pay", { ...payment, amount: "{{fetch-data.sum}}" })] })).toBe(
      true,
    );
  });

  it("holds every plan that it allows to what reading and validation understand", () => {
    const steps = [
      step("list_files", {}),
      step("read_file", { path: "{{item.path}}" }, { forEach: "{{1}}" }),
      step("pay", { ...payment, amount: "{{2.0.sum}}" }, { if: "{{1}}" }),
      { description: "write about {{2}}" },
    ];
    expect(allowsSteps(...steps)).toBe(true);
    const planTools = registry.planTools().map(({ output: _, ...one }) => one);
    const read = readPlan({ steps }, { tools: planTools });
    const plan = planSchema.parse(read.found ? read.plan : undefined);
    expect(read.found && read.issues).toEqual([]);
    expect(validatePlan(plan, { tools: planTools })).toEqual([]);
  });

  it("leaves to validation what it cannot say", () => {
    const wrong = step("pay", { ...payment, to: "nobody", amount: -1 });
    expect(allowsSteps(wrong)).toBe(true);
    const read = readPlan({ steps: [wrong] }, { tools: registry.planTools() });
    expect(validatePlan(read.found ? read.plan : undefined, { tools: registry.planTools() })).toHaveLength(2);
  });

  it("has a way for each saved plan", () => {
    const plans = [
      {
        name: "greet",
        description: "Greets",
        parameters: { type: "object", properties: { who: { type: "string" } }, required: ["who"] },
        examples: [],
      },
    ];
    const wide = toPlanForm({ tools, maxSteps: 6, plans });
    expect(allows(wide, { steps: [], saved: { use: "greet", with: { who: "Ann" } } })).toBe(true);
    expect(allows(wide, { steps: [], saved: { use: "other", with: {} } })).toBe(false);
  });

  it("has no keyword that a server may not know", () => {
    const known =
      /^(?:type|enum|anyOf|items|properties|required|additionalProperties|pattern|maxLength|maxItems)$/;
    const keywords = (schema: unknown): string[] =>
      typeof schema !== "object" || schema === null
        ? []
        : Object.entries(schema).flatMap(([key, value]) =>
            key === "properties"
              ? [key, ...Object.values(Object(value)).flatMap(keywords)]
              : Array.isArray(value)
                ? [key, ...value.flatMap(keywords)]
                : [key, ...keywords(value)],
          );
    expect(keywords(form).filter((key) => !known.test(key))).toEqual([]);
    expect(keywords(toBareSchema({}))).toEqual([]);
  });
});
