import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type BareSchema, toBareSchema } from "../../../src/models/index.js";

describe("a bare schema", () => {
  it("has types, fields and lists, and nothing that a server may not know", () => {
    const schema = z.object({
      to: z.email().describe("Address"),
      amount: z.number().min(0).max(100).default(5),
      tags: z.array(z.string().max(9)).min(1).optional(),
      mode: z.enum(["fast", "slow"]),
    });
    expect(toBareSchema(toJsonSchema(schema, { io: "input" }))).toEqual({
      type: "object",
      properties: {
        to: { type: "string" },
        amount: { type: "number" },
        tags: { type: "array", items: { type: "string" } },
        mode: { type: "string", enum: ["fast", "slow"] },
      },
      required: ["to", "mode"],
      additionalProperties: false,
    });
  });

  it("writes definitions where they are used, and gives up where one uses itself", () => {
    const schema = {
      type: "object",
      properties: { at: { $ref: "#/$defs/point" }, tree: { $ref: "#/$defs/tree" } },
      required: ["at", "tree"],
      $defs: {
        point: { type: "object", properties: { x: { type: "integer" } }, required: ["x"] },
        tree: { type: "object", properties: { left: { $ref: "#/$defs/tree" } } },
      },
    };
    const closed = { type: "object", additionalProperties: false };
    expect(toBareSchema(schema).properties).toEqual({
      at: { ...closed, properties: { x: { type: "integer" } }, required: ["x"] },
      tree: { ...closed, properties: { left: { type: "object" } }, required: [] },
    });
  });

  it.each<readonly [string, unknown, BareSchema]>([
    ["several types", { type: ["string", "null"] }, { anyOf: [{ type: "string" }, { type: "null" }] }],
    [
      "OpenAPI's nullable",
      { type: "string", nullable: true },
      { anyOf: [{ type: "string" }, { type: "null" }] },
    ],
    ["a constant", { const: "a" }, { type: "string", enum: ["a"] }],
    [
      "an enum of several types",
      { enum: [1, "a", null] },
      { anyOf: [{ type: "string", enum: ["a"] }, { type: "number", enum: [1] }, { type: "null" }] },
    ],
    ["an enum of objects", { enum: [{ a: 1 }] }, {}],
    [
      "unions in unions",
      { oneOf: [{ anyOf: [{ type: "string" }, { type: "number" }] }, { type: "string" }] },
      { anyOf: [{ type: "string" }, { type: "number" }] },
    ],
    ["a union with anything", { anyOf: [{ type: "string" }, {}] }, {}],
    [
      "a tuple",
      { type: "array", prefixItems: [{ type: "string" }, { type: "number" }] },
      { type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] } },
    ],
    ["a list of anything", { type: "array" }, { type: "array" }],
    [
      "free fields",
      { type: "object", additionalProperties: { type: "number" } },
      { type: "object", additionalProperties: { type: "number" } },
    ],
    ["free fields of any kind", { type: "object" }, { type: "object" }],
    [
      "no fields",
      { type: "object", properties: {} },
      { type: "object", properties: {}, required: [], additionalProperties: false },
    ],
    ["no type", { description: "anything" }, {}],
    ["an unknown type", { type: "date" }, {}],
    ["no schema", "text", {}],
    ["a definition that is missing", { $ref: "#/$defs/none" }, {}],
    [
      "parts that all hold",
      {
        allOf: [{ $ref: "#/$defs/a" }, { properties: { b: { type: "string" } }, required: ["b"] }],
        $defs: { a: { properties: { a: { type: "number" } } } },
      },
      {
        type: "object",
        properties: { a: { type: "number" }, b: { type: "string" } },
        required: ["b"],
        additionalProperties: false,
      },
    ],
  ])("reads %s", (_, schema, bare) => {
    expect(toBareSchema(schema)).toEqual(bare);
  });

  it("ends where definitions multiply without end", () => {
    const levels = Array.from({ length: 30 }, (_, level) => {
      const next = { $ref: `#/$defs/d${level + 1}` };
      return [`d${level}`, { type: "object", properties: { a: next, b: next } }] as const;
    });
    const schema = { $ref: "#/$defs/d0", $defs: { ...Object.fromEntries(levels), d30: { type: "string" } } };
    expect(JSON.stringify(toBareSchema(schema)).length).toBeLessThan(400_000);
  });

  it("lets its caller widen fields and items, who is told which must be there", () => {
    const schema = {
      type: "object",
      properties: { n: { type: "number" }, list: { type: "array", items: { type: "boolean" } } },
      required: ["n"],
    };
    const seen: unknown[] = [];
    toBareSchema(schema, (part, isRequired) => {
      seen.push([part.type, isRequired]);
      return part;
    });
    expect(seen).toEqual([
      ["number", true],
      ["boolean", true],
      ["array", false],
    ]);
    const wide = toBareSchema(schema, (part) =>
      part.type === "number" ? { anyOf: [part, { type: "string" }] } : part,
    );
    expect(wide.properties?.n).toEqual({ anyOf: [{ type: "number" }, { type: "string" }] });
  });
});
