import { createNearestName, quote, quoteAll } from "../../base/index.js";
import { type Plan, planSchema } from "../plan.js";
import type { PlanTool } from "../plan-tool.js";
import { readPlan } from "../read/index.js";
import { findReferences, normalizeId, splitReference } from "../references.js";
import type { StepResult } from "../step-result.js";
import { validatePlan } from "../validate/index.js";
import { readParameters } from "./parameters.js";
import { type PreparedPlan, type SavedPlan, WITH, WITH_ID } from "./saved-plan.js";

/** A saved plan that can be used, or what is wrong with it, in sentences that begin with the field. */
type Prepared =
  | { readonly ok: true; readonly plan: PreparedPlan }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Stands for the values of the parameters while a plan is checked, because nobody knows them yet. */
const VALUES_TO_COME: StepResult = {
  id: WITH,
  description: "The values of the parameters.",
  status: "done",
  attempts: 0,
  endedAt: "",
};

/** Checks a saved plan against the tools and its own parameters, as any plan is checked. */
export function preparePlan(saved: SavedPlan, tools: readonly PlanTool[]): Prepared {
  const { name, description, examples = [], steps, answer } = saved;
  const parameters = readParameters(saved.parameters ?? {});
  if (!parameters.ok) {
    return { ok: false, problems: [`parameters: ${parameters.reason}`] };
  }
  const read = readPlan({ steps, answer }, { tools, pastIds: [WITH] });
  if (!read.found) {
    return { ok: false, problems: [`steps: ${read.reason}`] };
  }
  const issues = [...read.issues, ...validatePlan(read.plan, { tools, pastSteps: [VALUES_TO_COME] })];
  const problems = issues.map(
    ({ code, message }) => `${code === "unknown-answer" ? "answer" : "steps"}: ${message}`,
  );
  const parsed = planSchema.safeParse(read.plan);
  if (!parsed.success) {
    return { ok: false, problems };
  }
  const { schema, json } = parameters;
  const plan = parsed.data;
  const texts = [...textsOf(plan), ["description", description], ...examples.map(toExampleText)] as const;
  problems.push(...findUnknown(texts, Object.keys(schema.shape)), ...checkNames(plan));
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, plan: { name, description, examples, parameters: json, schema, plan } };
}

/** A value that may refer to parameters, and where it is. */
type Placed = readonly [place: string, value: unknown];

function textsOf({ steps, answer }: Plan): Placed[] {
  const fields = ["description", "args", "forEach", "if"] as const;
  return [
    ...steps.flatMap((step) =>
      fields.map((field): Placed => [`steps: Step ${quote(step.id)}, ${field}`, step[field]]),
    ),
    ["answer", answer],
  ];
}

/** An example has its parameters in single braces: "refund order {orderId}". */
function toExampleText(example: string): Placed {
  return [`examples: ${quote(example)}`, example.replaceAll(SLOT, `{{${WITH}.$1}}`)];
}

const SLOT = /\{([^{}]+)\}/g;

/** Finds references to parameters that the plan does not have. */
function findUnknown(texts: readonly Placed[], names: readonly string[]): string[] {
  const nearest = createNearestName();
  return texts.flatMap(([place, value]) =>
    findReferences(value).flatMap((expression) => {
      const [name] = splitReference(expression, WITH_ID)?.path ?? [];
      if (splitReference(expression, WITH_ID) === undefined || (name !== undefined && names.includes(name))) {
        return [];
      }
      const meant = nearest(name ?? "", names);
      const hint =
        meant === undefined ? `the parameters are ${quoteAll(names)}` : `did you mean ${quote(meant)}?`;
      return [`${place}: ${quote(`{{${expression}}}`)} names no parameter; ${hint}`];
    }),
  );
}

/** Finds a step that takes the parameters' own id, and an answer that the outcome of the steps cannot change. */
function checkNames({ steps, answer }: Plan): string[] {
  const taken = steps.some(({ id }) => normalizeId(id) === WITH);
  const ids = new Set(steps.map(({ id }) => id));
  const isOfSteps =
    answer === undefined ||
    ids.has(answer) ||
    findReferences(answer).some((expression) => splitReference(expression, ids) !== undefined);
  return [
    ...(taken ? [`steps: "${WITH}" cannot be the id of a step, because it stands for the parameters`] : []),
    ...(isOfSteps ? [] : ["answer: it refers to no step; name one, or leave the answer out"]),
  ];
}
