// The offline model reads the catalogue that prompts write, and nothing else tells it of the tools.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BindToolsInput } from "@langchain/core/language_models/chat_models";
import { StructuredTool } from "@langchain/core/tools";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createTools } from "../../../bench/peers/tools.js";
import { works } from "../../../bench/peers/works/index.js";
import { createGraph as createDataPipeline } from "../../../graphs/data-pipeline.js";
import { createGraph as createFinance } from "../../../graphs/finance.js";
import { createGraph as createGeneral } from "../../../graphs/general.js";
import { createGraph as createResearch } from "../../../graphs/research.js";
import { createGraph as createSecurity } from "../../../graphs/security.js";
import { createGraph as createSupport } from "../../../graphs/support.js";
import { parametersOf } from "../../../src/models/offline/take-arguments.js";
import {
  readCatalogue,
  readSignature,
  type ToolCard,
  toToolCard,
} from "../../../src/models/offline/tool-card.js";
import { readSection } from "../../../src/models/tags.js";
import { type CatalogueEntry, toCatalogue } from "../../../src/prompts/catalogue.js";
import { createBuiltinTools, createToolRegistry } from "../../../src/tools/index.js";
import { ScriptedModel } from "../../support/scripted-model.js";

const workspace = mkdtempSync(join(tmpdir(), "read-catalogue-"));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const readBack = (entries: readonly CatalogueEntry[]) =>
  readCatalogue(readSection("tools", toCatalogue(entries)) ?? "");

/** What the offline model makes use of: names, what they mean, the arguments with types, values and need. */
const usedOf = (card: ToolCard) => ({
  name: card.name,
  description: card.description,
  parameters: parametersOf(card),
  meanings: Object.values(card.parameters.properties).map(({ description = "" }) => description),
});

/** The same, out of the JSON Schema that the tool has. */
function expectedOf({ name, description, parameters }: CatalogueEntry) {
  const card = toToolCard({ function: { name, description, parameters } });
  if (card === undefined) {
    throw new TypeError(`${name} has no card.`);
  }
  return usedOf(card);
}

/** Whether a schema takes listed values alone: a signature has them in one list, however many lists they stood in. */
function hasValuesAlone(schema: object): boolean {
  return "enum" in schema || ("anyOf" in schema && Object.values(schema.anyOf ?? {}).every(hasValuesAlone));
}

/** Notes which tools it is given. */
class NotingModel extends ScriptedModel {
  readonly bound: BindToolsInput[] = [];

  override bindTools(tools: BindToolsInput[], options?: { tool_choice?: unknown }): ScriptedModel {
    this.bound.push(...tools);
    return super.bindTools(tools, options);
  }
}

const graphs = {
  general: createGeneral,
  research: createResearch,
  dataPipeline: createDataPipeline,
  finance: createFinance,
  security: createSecurity,
  support: createSupport,
};

describe("the offline model reads of a tool what its JSON Schema says", () => {
  it.each(Object.entries(graphs))("in the prompt of the graph %s", async (_, createGraph) => {
    const model = new NotingModel((_messages, names) =>
      names.includes("plan") ? [{ name: "plan", args: { steps: [{ description: "Think." }] } }] : "done",
    );
    await createGraph({ model, ...(createGraph === createGeneral ? {} : { workspace }) }).invoke({
      input: "Go.",
    });
    const tools = model.bound.filter(
      (one): one is StructuredTool => one instanceof StructuredTool && one.name !== "blocked",
    );
    const entries = createToolRegistry(tools).describe();
    expect(entries.length).toBeGreaterThan(3);
    const prompt = model.calls[0]?.messages[0]?.text ?? "";
    expect(readCatalogue(readSection("tools", prompt) ?? "").map(usedOf)).toEqual(entries.map(expectedOf));
  });

  it("for the built-in tools and those of the benchmark", () => {
    const builtin = createBuiltinTools({ root: ".", http: { allow: ["*"] } });
    for (const tools of [builtin, ...works.map((work) => createTools(work, 1))]) {
      const entries = createToolRegistry(tools).describe();
      expect(readBack(entries).map(usedOf)).toEqual(entries.map(expectedOf));
      expect(toCatalogue(entries)).not.toContain("\n{");
    }
  });

  it("for arguments that the JSON Schema has to tell", () => {
    const child = { $ref: "#/$defs/Node" };
    const $defs = { Node: { type: "object", properties: { child } } };
    const parameters = {
      type: "object",
      properties: { root: child, name: { type: "string", enum: ["a", "b"], description: "its name" } },
      required: ["name"],
      $defs,
    };
    const entries = [{ name: "tree", description: "Plants\na tree.", readOnly: false, parameters }];
    expect(toCatalogue(entries)).toContain('\n{"name":"tree"');
    expect(readBack(entries).map(usedOf)).toEqual(entries.map(expectedOf));
  });

  it("whatever schemas, names and descriptions a tool has", () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        '"',
        "\n",
        "): ",
        " [acts]",
        "</tools>",
        "\u2028",
        "?",
        "\\",
        "__proto__",
        "...",
        "[key: string]",
      ),
    );
    const notes = {
      description: fc.option(text, { nil: undefined }),
      default: fc.option(fc.jsonValue(), { nil: undefined }),
    };
    const { schema } = fc.letrec<{ schema: object }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 3 },
        fc.record({ type: fc.constantFrom("string", "number", "integer", "boolean", "null"), ...notes }),
        fc.record({ type: fc.constant("string"), pattern: text, format: text, ...notes }),
        fc.record({
          type: fc.constant("integer"),
          minimum: fc.double({ noNaN: true, noDefaultInfinity: true }),
          ...notes,
        }),
        fc.record({ type: fc.constant("string"), enum: fc.uniqueArray(text, { minLength: 1 }), ...notes }),
        fc.record({ type: fc.constant("array"), items: tie("schema"), ...notes }),
        fc.record({
          type: fc.constant("array"),
          prefixItems: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
          ...notes,
        }),
        fc.record({ type: fc.constant("object"), properties: fc.dictionary(text, tie("schema")), ...notes }),
        fc.record({ type: fc.constant("object"), additionalProperties: tie("schema"), ...notes }),
        fc
          .record({ anyOf: fc.array(tie("schema"), { minLength: 2 }), ...notes })
          .filter((schema) => !hasValuesAlone(schema)),
        fc.record({ type: fc.constant(["string", "number", "null"]), ...notes }),
      ),
    }));
    const entry = fc
      .record({
        name: fc.stringMatching(/^[\w-]{1,20}$/),
        description: text,
        readOnly: fc.boolean(),
        properties: fc.dictionary(text, schema),
        needed: fc.func(fc.boolean()),
      })
      .map(({ properties, needed, ...given }): CatalogueEntry => {
        const required = Object.keys(properties).filter((name) => needed(name));
        return { ...given, parameters: JSON.parse(JSON.stringify({ type: "object", properties, required })) };
      });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 3 }), (entries) => {
        const lines = (readSection("tools", toCatalogue(entries)) ?? "").split("\n");
        expect(lines).toHaveLength(entries.length);
        expect(readBack(entries).map(usedOf)).toEqual(entries.map(expectedOf));
        for (const [index, line] of lines.entries()) {
          if (!line.startsWith("{")) {
            expect(readSignature(line)?.readOnly).toBe(entries[index]?.readOnly);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("a line that is no signature to its end is passed over", () => {
  it.each([
    "",
    "search",
    "search(",
    "search()x",
    "search() : finds",
    "search(query)",
    "search(query: text)",
    "search(query: string",
    "search(query: string, )",
    "search(query: string(minLength))",
    'search(query: string "what)',
    'search(query: string): "finds" things',
    "search(query: string = {)",
    "search(query: {a: string)",
    "search(query: string) [reads]",
    "web search(query: string)",
  ])("%j", (line) => {
    expect(readSignature(line)).toBeUndefined();
    expect(readCatalogue(`${line}\nt(): does it`).map(({ name }) => name)).toEqual(["t"]);
  });
});
