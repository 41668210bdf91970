// The schema of an agent's file: the options' own schema, in which some options have a form for files.
import { z } from "zod";
import { isRecord } from "../base/index.js";
import { CHAT_MODEL, FROM_CODE, OPTIONS, PLAN } from "../options/index.js";

/** A chat model, as a file describes it. */
export const MODEL_DETAILS = z.strictObject({
  model: z.string().regex(/^[\w-]+:.+$/, { error: 'must be "provider:name", such as openai:gpt-4.1-mini' }),
  baseUrl: z.url({ protocol: /^https?$/, error: "must be an http or https address" }).optional(),
  apiKey: z.string().min(1).optional(),
  temperature: z.number().min(0).optional(),
  topP: z.number().min(0).max(1).optional(),
  maxTokens: z.int().min(1).optional(),
});

/** A worker, as a file describes it: another agent's file. */
export const WORKERS = z.record(
  z.string(),
  z.strictObject({ description: z.string().min(1), agent: z.string().min(1) }),
);

/** Tools of OPEA's tools.yaml. */
const OPEA_TOOLS = z.strictObject({ opea: z.string().min(1) });
const PATHS = z.union([z.string(), z.array(z.string())]);
const isTool = (value: unknown) => typeof value === "object" && value !== null && "name" in value;
const LOADED_TOOL = z.custom<object>(isTool).meta(FROM_CODE);

/** The tools of a file: names of built-in ones, files of OPEA's, and what modules export: a tool or a list of them. */
export const TOOLS = z.array(
  z.union([z.string(), OPEA_TOOLS, LOADED_TOOL, z.array(LOADED_TOOL)], {
    error:
      "must be the name of a built-in tool, { module, export } of a module that exports tools, or { opea: path of a tools.yaml }",
  }),
);

/** Saved plans: paths of their files and folders, or the plans themselves. */
export const PLANS_OR_PATHS = z.union([z.string(), z.array(z.union([z.string(), PLAN]))]);

/** A working folder with AGENTS.md and skills. */
export const PROJECT = z.union([
  z.string(),
  z.strictObject({ folder: z.string(), skills: z.array(z.string()).optional() }),
]);

const isJsonSchema = (value: unknown) => isRecord(value) && "type" in value;
const FORMS: Readonly<Record<string, z.ZodType>> = {
  models: z.record(
    z.string(),
    z.union([MODEL_DETAILS, CHAT_MODEL], {
      error:
        "must be { model: provider:name, baseUrl, apiKey, temperature, topP, maxTokens }, or come from a module",
    }),
  ),
  tools: TOOLS,
  plans: PLANS_OR_PATHS,
  responseFormat: z.union([
    z.custom<object>(isJsonSchema, "must be a JSON Schema with a type").meta({ type: "object" }),
    z.custom<object>(isRecord).meta(FROM_CODE),
  ]),
  checkpointer: z.string(),
  store: z.string(),
  project: PROJECT,
  workers: WORKERS,
};

const entries = Object.entries(OPTIONS).map(([name, { schema }]): [string, z.ZodType] => [
  name,
  FORMS[name]?.optional() ?? schema,
]);

/** The schema of an agent's file, after its variables were filled in and its modules loaded. */
export const AGENT_FILE = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).optional(),
  description: z.string().optional(),
  root: z.string().min(1).optional(),
  allowHttp: PATHS.optional(),
  ...Object.fromEntries(entries),
});
