import { AIMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { anyText } from "./any-text.js";

/** Names and texts that have caused trouble somewhere. */
const sore = [
  "__proto__",
  "constructor",
  "prototype",
  "hasOwnProperty",
  "toString",
  "valueOf",
  "then",
  "length",
  "",
  " ",
  "\u0000",
  "\ud800",
  "\udfff x",
  "\u202eabc\u202c",
  "a\u200bb",
  "\ufeffa",
  "A",
  "a",
  " a",
  "a ",
  "ａ",
  "1",
  "01",
  "1.0",
  "-0",
  "NaN",
  "Infinity",
  "1e309",
  "0x10",
  "null",
  "undefined",
  "[object Object]",
  "item",
  "index",
  "echo",
  "plan",
  "respond",
  "blocked",
  "$&",
  "{{",
  "}}",
  "\\{{",
  "{{}}",
  "{{ }}",
  "{{.}}",
  "{{__proto__}}",
  "{{__proto__.polluted}}",
  "{{constructor.prototype}}",
  "{{a.constructor.constructor}}",
  "{{a.__proto__.x}}",
  "{{a.hasOwnProperty}}",
  "{{a}}",
  "{{A}}",
  "{{ a }}",
  "{{1}}",
  "{{1.length}}",
  "{{item}}",
  "{{item.__proto__}}",
  "{{index}}",
  "{{{{a}}}}",
  "{{a}}{{a}}{{a}}",
  "$1",
  "#E1",
  "<result>",
  "</goal>",
  "<missing>",
] as const;

const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<string>(...sore) },
  { weight: 2, arbitrary: anyText({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
);

/** A text of up to a million characters, or a value a thousand levels deep. Both are rare. */
const huge = fc.oneof(
  fc
    .constantFrom("x", "{{a}}", "\ud800", "[", "{{", "\\")
    .chain((part) => fc.constantFrom(1_000, 20_000, 100_000).map((times) => part.repeat(times))),
  fc.constantFrom(90, 1_000, 5_000).map((depth) => nest(depth)),
  fc.constantFrom(100, 10_000).map((length) => new Array<string>(length).fill("{{a}}")),
  fc
    .constantFrom(1_000)
    .map((count) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index]))),
);

function nest(depth: number): unknown {
  let value: unknown = "{{a}}";
  for (let level = 0; level < depth; level += 1) {
    value = level % 2 === 0 ? [value] : { a: value };
  }
  return value;
}

const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: word },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0, -0, 1.5, 1e308, Number.MAX_SAFE_INTEGER, true, false, null, undefined),
  },
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3, stringUnit: "binary" }) },
  {
    weight: 2,
    arbitrary: fc.dictionary(word, fc.oneof(word, fc.integer()), { maxKeys: 4, noNullPrototype: true }),
  },
  {
    weight: 1,
    arbitrary: fc.constant(
      JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    ),
  },
  { weight: 1, arbitrary: huge },
);

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        id: fc.oneof(word, fc.integer({ min: -1, max: 4 }), value),
        description: fc.oneof(word, value),
        tool: fc.oneof(fc.constant("echo"), word),
        args: fc.oneof(fc.record({ value }), fc.dictionary(word, value, { maxKeys: 3 }), value),
        dependsOn: fc.oneof(fc.array(word, { maxLength: 4 }), value),
        forEach: fc.oneof(word, value),
        if: fc.oneof(word, value),
        expect: value,
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: value },
);

/** Plans that are sound except for their shape: long chains, everything behind everything, circles, one id for all. */
const shaped = fc
  .tuple(
    fc.constantFrom("chain", "everything", "circle", "self", "same id", "blanks and case", "free"),
    fc.constantFrom(2, 12, 13, 200, 3_000),
  )
  .map(([shape, count]) => ({
    steps: Array.from({ length: shape === "everything" ? Math.min(count, 300) : count }, (_, index) => ({
      id: idFor(shape, index),
      description: `step ${index}`,
      tool: "echo",
      args: { value: referencesFor(shape, index) },
      dependsOn: dependenciesFor(shape, index, count),
    })),
  }));

function idFor(shape: string, index: number): string {
  if (shape === "same id") {
    return "a";
  }
  return shape === "blanks and case" ? `${index % 2 === 0 ? "a" : "A"}${" ".repeat(index % 7)}` : `s${index}`;
}

function referencesFor(shape: string, index: number): string {
  if (shape === "self") {
    return `{{s${index}}}`;
  }
  if (shape !== "everything") {
    return String(index);
  }
  return Array.from({ length: index }, (_, other) => `{{s${other}}}`).join("");
}

function dependenciesFor(shape: string, index: number, count: number): string[] {
  if (shape === "circle") {
    return [`s${(index + 1) % count}`];
  }
  return shape === "chain" && index > 0 ? [`s${index - 1}`] : [];
}

const plan: fc.Arbitrary<object> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      { steps: fc.array(step, { maxLength: 6 }), answer: value },
      { requiredKeys: ["steps"] },
    ),
  },
  { weight: 2, arbitrary: shaped },
  { weight: 1, arbitrary: fc.record({ steps: value }) },
  { weight: 1, arbitrary: fc.dictionary(word, value, { maxKeys: 3 }) },
);

/** Calls that no provider's adapter would build: their fields are not what their types say. */
function calling(...calls: readonly unknown[]): AIMessage {
  const message = new AIMessage("");
  Reflect.set(message, "tool_calls", calls);
  return message;
}

const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom("plan", "respond", "echo", "blocked") }, word);
const call = fc.record({
  id: fc.oneof(fc.constant("c"), fc.constant(undefined), word),
  name,
  args: fc.oneof(plan, value),
  type: fc.constant("tool_call"),
});

/** Anything at all that a planner or a replanner may answer. */
export const hostileAnswer: fc.Arbitrary<AIMessage> = fc.oneof(
  {
    weight: 6,
    arbitrary: plan.map((args) => calling({ id: "c", name: "plan", args, type: "tool_call" })),
  },
  { weight: 2, arbitrary: fc.array(call, { minLength: 1, maxLength: 3 }).map((calls) => calling(...calls)) },
  { weight: 2, arbitrary: plan.map((args) => new AIMessage(`\`\`\`json\n${toText(args)}\n\`\`\``)) },
  { weight: 1, arbitrary: plan.map((args) => new AIMessage(`Here: ${toText(args).slice(0, -2)}`)) },
  {
    weight: 1,
    arbitrary: fc.tuple(name, fc.oneof(plan.map(toText), word)).map(([called, args]) => {
      return new AIMessage({ content: "", invalid_tool_calls: [{ id: "c", name: called, args }] });
    }),
  },
  { weight: 1, arbitrary: fc.oneof(word, huge.map(toText)).map((text) => new AIMessage(text)) },
);

/** The value as text. If it is too deep to be written, the result is text of another depth. */
function toText(json: unknown): string {
  try {
    return JSON.stringify(json) ?? "undefined";
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    return `{"steps":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
  }
}
