import { describe, expect, test } from "vitest";
import { z } from "zod";
import { withSparseClones } from "../../src/langgraph/sparse-clones.js";
import { graphStateSchema, stateSchema } from "../../src/state/index.js";
import { checkTouch } from "./touch.js";

const schema = withSparseClones(z.object({ name: z.string(), list: z.array(z.number()) }));

const touch = {
  of: "zod",
  breaks:
    "Nothing is wrong, but each node's end costs about 3 ms: zod compiles whole copies of the state's schema again.",
} as const;

checkTouch(touch, "zod makes its copies of a schema with the schema's own constructor", () => {
  for (const copy of [schema.partial(), schema.extend({ more: z.boolean() }), schema.partial().partial()]) {
    expect(copy._zod.traits.has("SparseObject")).toBe(true);
  }
});

describe("a copy that zod makes of such a schema", () => {
  test("reads the keys that are there, leaves unknown ones out, and misses none", () => {
    expect(schema.partial().parse({ list: [1], other: 2 })).toEqual({ list: [1] });
    expect(schema.extend({ more: z.boolean() }).partial().parse({ more: true })).toEqual({ more: true });
  });

  test("tells what is wrong with a key, and where", () => {
    const { error } = schema.partial().safeParse({ list: [1, "two"], name: 3 });
    expect(error?.issues.map(({ path }) => path)).toEqual([["list", 1], ["name"]]);
    expect(schema.partial().safeParse([]).success).toBe(false);
    expect(schema.partial().safeParse(null).success).toBe(false);
  });

  test("takes no key for one of its own that every object has", () => {
    expect(schema.partial().parse(JSON.parse('{"__proto__": {"polluted": 1}, "toString": 1}'))).toEqual({});
  });

  test("awaits what a key's schema does later", async () => {
    const later = withSparseClones(z.object({ name: z.string().refine(async (name) => name !== "no") }));
    expect((await later.partial().safeParseAsync({ name: "no" })).success).toBe(false);
    expect((await later.partial().safeParseAsync({ name: "yes" })).success).toBe(true);
  });
});

test("the schema itself still misses what is not there, and so does the one that others import", () => {
  expect(schema.safeParse({ list: [1] }).success).toBe(false);
  expect(stateSchema.extend({}).safeParse({ input: "go" }).success).toBe(false);
  expect(z.toJSONSchema(graphStateSchema)).toEqual(z.toJSONSchema(stateSchema));
});
