import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { type PlanIssue, type PlanTool, validatePlan } from "../../src/plan/index.js";

const schemas: Record<string, unknown> = {
  "zod 4": z.strictObject({
    query: z.string().min(2),
    limit: z.number().optional(),
    tags: z.array(z.number()).optional(),
  }),
  "zod 3": z3
    .object({
      query: z3.string().min(2),
      limit: z3.number().optional(),
      tags: z3.array(z3.number()).optional(),
    })
    .strict(),
  "JSON Schema": {
    type: "object",
    properties: {
      query: { type: "string", minLength: 2 },
      limit: { type: "number" },
      tags: { type: "array", items: { type: "number" } },
    },
    required: ["query"],
    additionalProperties: false,
  },
};

const check = (schema: unknown, args: unknown, tool: Partial<PlanTool> = {}): PlanIssue[] =>
  validatePlan(
    {
      steps: [
        { id: "1", description: "first" },
        { id: "2", description: "call", tool: "search", args },
      ],
    },
    { tools: [{ name: "search", schema, ...tool }] },
  );

describe.each(Object.entries(schemas))("arguments against a schema of %s", (_, schema) => {
  it("are fine when it accepts them", () => {
    expect(check(schema, { query: "tea", limit: 3 })).toEqual([]);
  });

  it("are each reported with their path when they are wrong", () => {
    const issues = check(schema, { query: 5, limit: "many", tags: [1, "x"] });
    expect(issues.map(({ code, stepId, path }) => ({ code, stepId, path }))).toEqual([
      { code: "invalid-args", stepId: "2", path: ["query"] },
      { code: "invalid-args", stepId: "2", path: ["limit"] },
      { code: "invalid-args", stepId: "2", path: ["tags", "1"] },
    ]);
    expect(issues[0]?.message).toMatch(
      /^Step "2": "search" does not accept the argument "query": .*string.*\.$/,
    );
    expect(issues[2]?.message).toContain('the argument "tags.1"');
  });

  it("must not lack what is required", () => {
    const [issue, ...others] = check(schema, {});
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ code: "invalid-args", path: ["query"] });
    expect(issue?.message).toMatch(/"query", which is missing: /);
  });

  it("must be known, and the near ones are named", () => {
    expect(check(schema, { query: "tea", limt: 3, zzzzzz: 1 })).toEqual([
      {
        code: "invalid-args",
        stepId: "2",
        path: ["limt"],
        message:
          'Step "2": "search" has no argument "limt". It takes "query", "limit", "tags". Did you mean "limit"?',
      },
      {
        code: "invalid-args",
        stepId: "2",
        path: ["zzzzzz"],
        message: 'Step "2": "search" has no argument "zzzzzz". It takes "query", "limit", "tags".',
      },
    ]);
  });

  it("may be anything where a reference stands", () => {
    expect(check(schema, { query: "{{1}}", limit: "{{1.n}}", tags: ["{{1.a}}", 2] })).toEqual([]);
    expect(
      check(schema, { query: "x", limit: "{{1.n}}", tags: "{{1.tags}}" }).map(({ path }) => path),
    ).toEqual([["query"]]);
    expect(check(schema, { query: "tea", limit: "\\{{1}}" }).map(({ path }) => path)).toEqual([["limit"]]);
    expect(check(schema, { query: "tea", wrong: "{{1}}" }).map(({ path }) => path)).toEqual([["wrong"]]);
  });

  it("are made later when there are none", () => {
    expect(check(schema, undefined)).toEqual([]);
  });
});

describe.each([
  [
    "zod 4",
    z.object({
      at: z.union([z.object({ x: z.number() }), z.string()]),
      other: z.union([z.number(), z.boolean()]),
    }),
  ],
  [
    "zod 3",
    z3.object({
      at: z3.union([z3.object({ x: z3.number() }), z3.string()]),
      other: z3.union([z3.number(), z3.boolean()]),
    }),
  ],
])("a union of %s", (_, schema) => {
  it("is left open around a reference, and judged elsewhere", () => {
    expect(check(schema, { at: { x: "{{1}}" }, other: 1 })).toEqual([]);
    expect(check(schema, { at: { x: "one" }, other: 1 }).map(({ path }) => path)).toEqual([["at"]]);
    expect(check(schema, { at: { x: "{{1}}" }, other: "x" }).map(({ path }) => path)).toEqual([["other"]]);
  });
});

describe("a tool's own rules", () => {
  const range = z
    .object({ from: z.string(), to: z.string(), nested: z.object({ n: z.number() }).optional() })
    .refine(({ from, to }) => from < to, { path: ["to"], message: "to must come after from" });

  it("are checked when nothing is left open", () => {
    expect(check(range, { from: "b", to: "a" })).toEqual([
      {
        code: "invalid-args",
        stepId: "2",
        path: ["to"],
        message: 'Step "2": "search" does not accept the argument "to": to must come after from.',
      },
    ]);
    const whole = z.object({ a: z.number() }).refine(() => false, "never");
    expect(check(whole, { a: 1 })[0]).toMatchObject({
      path: [],
      message: 'Step "2": "search" does not accept its arguments: never.',
    });
  });

  it("are not when they may hang on a reference", () => {
    expect(check(range, { from: "{{1}}", to: "a" })).toEqual([]);
  });

  it("that are asynchronous, or throw, are left to the tool", () => {
    expect(check(z.object({ a: z.string().refine(async () => false) }), { a: "x" })).toEqual([]);
    expect(
      check(
        z.object({
          a: z.string().transform(() => {
            throw new Error("no");
          }),
        }),
        { a: "x" },
      ),
    ).toEqual([]);
  });
});

describe("a tool without a usable schema", () => {
  it.each([
    undefined,
    null,
    "text",
    42,
    { type: "no such type" },
    { $ref: "https://example.com/elsewhere" },
    { safeParse: () => ({ success: false }) },
    { safeParse: () => ({ success: false, error: { issues: "many" } }) },
    { safeParse: () => ({ success: false, error: null }) },
  ])("accepts anything: %j", (schema) => {
    expect(check(schema, { any: "thing" })).toEqual([]);
  });

  it("is told what can be read of a foreign issue", () => {
    const schema = { safeParse: () => ({ success: false, error: { issues: [{}, null] } }) };
    const issues = check(schema, { a: 1 });
    expect(issues[0]?.message).toBe('Step "2": "search" does not accept its arguments: is not valid.');
  });

  it("whose unknown arguments are not listed gets no list", () => {
    const issue = { code: "unrecognized_keys", path: ["in"], keys: ["x"], message: "" };
    const schema = { shape: { in: 1 }, safeParse: () => ({ success: false, error: { issues: [issue] } }) };
    expect(check(schema, { in: { x: 1 } })).toEqual([
      {
        code: "invalid-args",
        stepId: "2",
        path: ["in", "x"],
        message: 'Step "2": "search" has no argument "in.x".',
      },
    ]);
    const bare = { safeParse: () => ({ success: false, error: { issues: [{ ...issue, path: [] }] } }) };
    expect(check(bare, { x: 1 })[0]?.message).toBe('Step "2": "search" has no argument "x".');
    const odd = { shape: null, safeParse: bare.safeParse };
    expect(check(odd, { x: 1 })[0]?.message).toBe('Step "2": "search" has no argument "x".');
  });
});

describe("a tool's name", () => {
  const plan = { steps: [{ id: "1", description: "x", tool: "web_serch" }] };

  it("must be that of a tool, and the known ones are named", () => {
    expect(validatePlan(plan, { tools: [{ name: "fetch" }, { name: "web_search" }] })).toEqual([
      {
        code: "unknown-tool",
        stepId: "1",
        message:
          'Step "1": there is no tool "web_serch". Did you mean "web_search"? The tools are "fetch", "web_search".',
      },
    ]);
    expect(validatePlan(plan, { tools: [] })[0]?.message).toBe(
      'Step "1": there is no tool "web_serch". There are none: leave "tool" out.',
    );
  });

  it("is not checked where no tools are given", () => {
    expect(validatePlan(plan)).toEqual([]);
  });

  it("is checked among those of an agent too, each by itself", () => {
    const of = (toolNames: unknown) =>
      validatePlan(
        { steps: [{ id: "1", description: "x", tools: toolNames }] },
        { tools: [{ name: "fetch" }, { name: "web_search" }] },
      );
    expect(of(["fetch", "web_search"])).toEqual([]);
    expect(of([])).toEqual([]);
    expect(of(["web_serch", "fetch", "mail"]).map(({ code, message }) => [code, message])).toEqual([
      [
        "unknown-tool",
        'Step "1": there is no tool "web_serch". Did you mean "web_search"? The tools are "fetch", "web_search".',
      ],
      ["unknown-tool", 'Step "1": there is no tool "mail". The tools are "fetch", "web_search".'],
    ]);
    expect(of({ fetch: 1 })[0]?.message).toBe(
      'Step "1": "tools" is {"fetch":1}, and must be a list of names of tools, such as ["search"], or [] for none.',
    );
  });

  it("of a step without an id is reported by its place, and so are its arguments", () => {
    const steps = [
      { description: "x", tool: "nope" },
      { description: "x", tool: "t", args: { a: 1 } },
    ];
    const schema = z.object({ a: z.string() });
    const issues = validatePlan({ steps }, { tools: [{ name: "t", schema }] }).slice(2);
    expect(issues.map(({ message }) => message.slice(0, 26))).toEqual([
      "The step at position 1: th",
      'The step at position 2: "t',
    ]);
    for (const issue of issues) {
      expect(issue).not.toHaveProperty("stepId");
    }
  });
});
