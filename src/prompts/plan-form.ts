// The form of a plan that a model is held to by a grammar: one alternative for each tool, with that tool's own arguments.
import { type BareSchema, toBareSchema } from "../models/index.js";
import type { SavedPlanEntry } from "../plan/index.js";
import type { CatalogueEntry, WorkerEntry } from "./catalogue-entry.js";

/** What a form is made from. */
export interface PlanFormParts {
  readonly tools: readonly CatalogueEntry[];
  readonly maxSteps: number;
  /** The saved plans that may be named instead of steps. @default none */
  readonly plans?: readonly SavedPlanEntry[];
  /** The workers that steps may name. @default none */
  readonly workers?: readonly WorkerEntry[];
  /** Ids of earlier steps that references may name. @default none */
  readonly pastIds?: readonly string[];
  /** Whether there has to be a step. @default false */
  readonly needsStep?: boolean;
}

/** Long enough for a sentence, and an end for a model that runs away. */
const DESCRIPTION: BareSchema = { type: "string", maxLength: 200 };
/** Texts that validation checks. Patterns for them in each alternative make llama.cpp slow beyond use (DECISIONS.md). */
const GUARDS: Readonly<Record<string, BareSchema>> = {
  forEach: { type: "string", maxLength: 60 },
  if: { type: "string", maxLength: 100 },
};
/** A step that an agent does. */
const WORDS_STEP = object({ description: DESCRIPTION, ...GUARDS }, ["description"]);
const NUMBERED = /^\d+$/;

/** Writes the schema of a plan. What it cannot say is checked when the plan is there, as that of any plan. */
export function toPlanForm({
  tools,
  maxSteps,
  plans = [],
  workers = [],
  pastIds = [],
  needsStep = false,
}: PlanFormParts): BareSchema {
  const reference = referencePattern(pastIds.every((id) => NUMBERED.test(id)));
  const steps = [
    ...tools.map((tool) => toToolStep(tool, reference)),
    ...(workers.length === 0 ? [] : [toWorkerStep(workers)]),
    WORDS_STEP,
  ];
  return object(
    {
      steps: {
        type: "array",
        items: { anyOf: steps },
        maxItems: maxSteps,
        ...(needsStep ? { minItems: 1 } : {}),
      },
      ...(plans.length === 0 ? {} : { saved: { anyOf: plans.map(toSavedUse) } }),
    },
    ["steps"],
  );
}

function object(properties: Readonly<Record<string, BareSchema>>, required: readonly string[]): BareSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

/** A step that calls a tool. The words come first, because a model thinks in what it has written. */
function toToolStep({ name, parameters }: CatalogueEntry, reference: string): BareSchema {
  const args = toBareSchema(parameters, (schema, isRequired) => widen(schema, isRequired, reference));
  return object({ description: DESCRIPTION, ...GUARDS, tool: { type: "string", enum: [name] }, args }, [
    "description",
    "tool",
    "args",
  ]);
}

/** A step that one of the workers does. */
function toWorkerStep(workers: readonly WorkerEntry[]): BareSchema {
  const worker: BareSchema = { type: "string", enum: workers.map(({ name }) => name) };
  return object({ description: DESCRIPTION, ...GUARDS, worker }, ["description", "worker"]);
}

function toSavedUse({ name, parameters }: SavedPlanEntry): BareSchema {
  return object({ use: { type: "string", enum: [name] }, with: toBareSchema(parameters) }, ["use", "with"]);
}

/** Matches a reference. Servers read patterns that have no look-around, no named groups and no flags. */
function referencePattern(isNumbered: boolean): string {
  const id = isNumbered ? "[1-9][0-9]?[0-9]?" : "[A-Za-z0-9_-]+";
  return `\\{\\{(item|${id})(\\.[A-Za-z0-9_-]+)*\\}\\}`;
}

/** Lets a reference stand for a value that is no text, where the value has to be there. In a text one may stand anyway. */
function widen(schema: BareSchema, isRequired: boolean, reference: string): BareSchema {
  const members = schema.anyOf ?? [schema];
  const hasText = members.some(({ type, enum: values }) => type === "string" && values === undefined);
  if (hasText || members.some(({ type }) => type === undefined)) {
    // Whatever else such a value may be, it can be written as text.
    const simple = members.filter(({ type }) => type !== "object" && type !== "array");
    return simple.length === 1 && simple[0] !== undefined ? simple[0] : { anyOf: simple };
  }
  const isWorth = members.some(({ type, enum: values }) =>
    isRequired ? values === undefined : type === "number" || type === "integer",
  );
  return isWorth ? { anyOf: [...members, { type: "string", pattern: `^${reference}$` }] } : schema;
}
