import { z } from "zod";
import { isRecord } from "../base/index.js";
import { AGENT_FILE } from "./file-schema.js";

/** Where the published schema is. Editors find it by a comment in the file. */
export const SCHEMA_ADDRESS =
  "https://raw.githubusercontent.com/langgraph-plan-execute/langgraph-plan-execute/main/agent.schema.json";

/** How a file names what only code can give. */
const FROM_MODULE = {
  type: "object",
  description: "What a module exports. The path is relative to this file.",
  properties: {
    module: { type: "string" },
    export: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }], default: "default" },
  },
  required: ["module"],
  additionalProperties: false,
};

/**
 * Makes the JSON Schema of an agent's file, for editors. `describe` says what an option is for, by its path:
 * `planner.maxSteps`.
 */
export function toJsonSchema(describe: (path: string) => string | undefined = () => undefined): object {
  const { $schema, ...schema } = z.toJSONSchema(AGENT_FILE, { io: "input", unrepresentable: "any" });
  const properties = isRecord(schema.properties) ? describeAll(schema.properties, "", describe) : {};
  const told = replaceFromCode({ ...schema, properties });
  return {
    $schema,
    $id: SCHEMA_ADDRESS,
    title: "An agent of langgraph-plan-execute",
    ...(isRecord(told) ? told : {}),
    $defs: { fromModule: FROM_MODULE },
  };
}

function describeAll(
  properties: Record<string, unknown>,
  path: string,
  describe: (path: string) => string | undefined,
): Record<string, unknown> {
  const entries = Object.entries(properties).map(([name, schema]): [string, unknown] => {
    const description = describe(`${path}${name}`);
    const inner = isRecord(schema) ? schema : {};
    const { properties: own, default: preset, ...others } = inner;
    const isSection = isRecord(own) && isRecord(preset) && Object.keys(preset).length === 0;
    return [
      name,
      {
        ...(description === undefined ? {} : { description }),
        ...others,
        ...(preset === undefined || isSection ? {} : { default: preset }),
        ...(isRecord(own)
          ? { properties: isSection ? describeAll(own, `${path}${name}.`, describe) : own }
          : {}),
      },
    ];
  });
  return Object.fromEntries(entries);
}

function replaceFromCode(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(replaceFromCode);
  }
  if (!isRecord(value)) {
    return value;
  }
  if (value.fromCode === true) {
    return { $ref: "#/$defs/fromModule" };
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaceFromCode(inner)]));
}

/** The keys that may stand at a path of a file, by the schema. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  const schemas = path.reduce<unknown[]>(
    (at, step) => at.flatMap((one) => inside(one, String(step))),
    [wholeSchema()],
  );
  return [...new Set(schemas.flatMap(branches).flatMap((one) => Object.keys(Object(one.properties))))];
}

/** The paths of the options that have this name, with dots: `planner.maxSteps` for `maxSteps`. */
export function optionsCalled(name: string): string[] {
  return keysAt([])
    .filter((section) => keysAt([section]).includes(name))
    .map((section) => `${section}.${name}`);
}

let made: object | undefined;
/** Made at the first mistake. */
function wholeSchema(): object {
  made ??= toJsonSchema();
  return made;
}

function branches(schema: unknown): Record<string, unknown>[] {
  if (!isRecord(schema)) {
    return [];
  }
  const others = Array.isArray(schema.anyOf) ? schema.anyOf.flatMap(branches) : [];
  return [schema, ...others];
}

function inside(schema: unknown, step: string): unknown[] {
  return branches(schema).flatMap(({ properties, additionalProperties, items }) => {
    const own: unknown = isRecord(properties) ? properties[step] : undefined;
    return [own, isRecord(additionalProperties) ? additionalProperties : undefined, items].filter(isRecord);
  });
}
