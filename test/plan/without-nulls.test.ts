// Strict servers have every field written, so null stands for what is not given.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readPlan, withoutNulls } from "../../src/plan/index.js";

const schema = z.object({
  city: z.string(),
  unit: z.string().optional(),
  until: z.string().nullable(),
  where: z.array(z.object({ column: z.string(), as: z.string().optional() })).optional(),
});

describe("a null", () => {
  it("is left out where the tool does not take it, at any depth", () => {
    const args = { city: "Rome", unit: null, until: null, where: [{ column: "a", as: null }] };
    expect(withoutNulls(args, schema)).toEqual({ city: "Rome", until: null, where: [{ column: "a" }] });
  });

  it("stays where nothing is known, or nothing else is to be given", () => {
    expect(withoutNulls({ a: null }, undefined)).toEqual({ a: null });
    expect(withoutNulls({ city: "Rome", until: null, where: [null] }, schema)).toEqual({
      city: "Rome",
      until: null,
      where: [null],
    });
  });

  it("of a step's arguments is left out when the plan is read", () => {
    const steps = [{ description: "a", tool: "look", args: { city: "Rome", unit: null, until: "{{0}}" } }];
    const read = readPlan({ steps }, { tools: [{ name: "look", schema }] });
    expect(read).toMatchObject({ plan: { steps: [{ args: { city: "Rome", until: "{{0}}" } }] } });
    expect(JSON.stringify(read)).not.toContain("unit");
  });

  it("is also left out of arguments by a JSON schema", () => {
    const json = { type: "object", properties: { n: { type: "number" } } };
    expect(withoutNulls({ n: null }, json)).toEqual({});
  });
});
