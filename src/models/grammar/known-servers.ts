// Which schemas a server takes is not written anywhere that a program can read, so it is learned while the process runs:
// a server that refuses one form of a schema is asked with the next one, by everybody, from then on.
import { describeError } from "../../base/index.js";
import { serverOf } from "../../langgraph/index.js";
import type { ResolvedModel } from "../resolve-model.js";
import type { BareSchema } from "./bare-schema.js";
import { type SchemaVariant, toVariant } from "./schema-variant.js";

/** The forms to try, in this order. */
const VARIANTS: readonly SchemaVariant[] = ["open", "strict", "plain"];
/** OpenAI refuses optional fields, so there is no need to find out. */
const OPENAI = /^https:\/\/[\w.-]*\b(?:openai\.com|azure\.com)\b/;

/** How many of the forms a model refused, by server and name. Models that are named by a text are made anew each time. */
const REFUSED = new Map<string, number>();

/** What servers and LangChain's packages say of a schema that they do not take. */
const REFUSAL = /schema|grammar|response_?format|structured.?outputs?|bindTools/i;
const REFUSING_STATUS: ReadonlySet<unknown> = new Set([undefined, 400, 422, 500, 501]);

/** Returns a schema in the form that a model is known to take, or is asked with first; undefined if it takes none. */
export function heldSchema(resolved: ResolvedModel, schema: BareSchema): BareSchema | undefined {
  return VARIANTS.slice(refusedBy(resolved))
    .map((variant) => toVariant(schema, variant))
    .find((form) => form !== undefined);
}

/**
 * Whether a failed call was the refusal of a schema. The model's next form is then the one to ask with; if there is none,
 * the model is not asked by schema any more.
 */
export function isLearnedFrom(error: unknown, resolved: ResolvedModel): boolean {
  const refused = refusedBy(resolved);
  const status: unknown = Reflect.get(Object(error), "status");
  if (refused === VARIANTS.length || !REFUSING_STATUS.has(status) || !REFUSAL.test(describeError(error))) {
    return false;
  }
  REFUSED.set(keyOfModel(resolved), refused + 1);
  return true;
}

/** Whether a model's server takes schemas, as far as anybody knows. */
export function takesSchemas(resolved: ResolvedModel): boolean {
  return refusedBy(resolved) < VARIANTS.length;
}

/** Notes that a server took a schema and did not heed it. Its model is not asked by schema any more. */
export function noteUnheld(resolved: ResolvedModel): void {
  REFUSED.set(keyOfModel(resolved), VARIANTS.length);
}

function refusedBy(resolved: ResolvedModel): number {
  return REFUSED.get(keyOfModel(resolved)) ?? (OPENAI.test(serverOf(resolved.model) ?? "") ? 1 : 0);
}

/** Names a model at its server. What is learned of one is kept under this name. */
export function keyOfModel({ model, name }: ResolvedModel): string {
  return `${serverOf(model) ?? ""} ${name}`;
}
