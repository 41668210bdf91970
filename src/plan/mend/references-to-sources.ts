// Moves references to the step that has what they name. Small models write a call into a reference
// (`{{current_time().date}}`), name a tool or a field in place of a step (`{{get_weather.celsius}}`, `{{celsius}}`), or
// take a field from the wrong step.
import { type JsonValue, mapTexts, parseJson, stableStringify } from "../../base/index.js";
import type { PlanStep } from "../plan.js";
import { type PlanTool, soleArgument, toolArguments } from "../plan-tool.js";
import { rewriteReferences } from "../references.js";
import { KnownOutputs, type MendOptions } from "./known-outputs.js";

/** A call in a reference, and a path into what it gives. */
const CALL = /^([\w-]{1,64})\s*\(([^()]{0,500})\)((?:[.[].*)?)$/s;
/** A name in place of a step's id, and a path. */
const NAMED = /^([\w-]{1,64})((?:[.[].*)?)$/s;
const ARGUMENT = /(?:^|,)\s*(\w+)\s*[=:]\s*("[^"]*"|'[^']*'|[^,"']+)/g;

/** Moves each reference that nothing can fill, if one step before it has what it names, or a call that reads gives it. */
export function referencesToSources(steps: readonly PlanStep[], options: MendOptions): PlanStep[] {
  const known = new KnownOutputs(steps, options);
  const tools = new Map(options.tools.map((tool) => [tool.name, tool]));
  const mended: PlanStep[] = [];
  for (const step of steps) {
    const move = (expression: string): string => {
      const target = known.targetOf(expression);
      if (target !== undefined && known.mayHave(target)) {
        return expression;
      }
      return (
        (target === undefined ? fromCall(expression, step, mended, tools) : undefined) ??
        fromName(target === undefined ? expression : target.path.join("."), mended, known) ??
        expression
      );
    };
    const inText = (text: string) => rewriteReferences(text, move);
    const { args, if: condition, forEach } = step;
    mended.push({
      ...step,
      ...(args === undefined ? {} : { args: mapArgs(args, inText) }),
      ...(condition === undefined ? {} : { if: inText(condition) }),
      ...(forEach === undefined ? {} : { forEach: inText(forEach) }),
    });
  }
  return mended;
}

/** The output of a call in a reference: of a step that makes it, or of one that is put before this one. */
function fromCall(
  expression: string,
  { id }: PlanStep,
  before: PlanStep[],
  tools: ReadonlyMap<string, PlanTool>,
): string | undefined {
  const [, name = "", written = "", path = ""] = CALL.exec(expression) ?? [];
  const tool = tools.get(name);
  const args = tool?.readOnly === true ? readArguments(written.trim(), tool) : undefined;
  if (args === undefined) {
    return undefined;
  }
  const key = stableStringify(args);
  const made = before.find((step) => step.tool === name && stableStringify(step.args ?? {}) === key);
  const source = made ?? {
    id: `${id}-${before.length}`,
    description: `${name} ${written}`.trim(),
    tool: name,
    args,
  };
  if (made === undefined) {
    before.push(source);
  }
  return source.id + path;
}

/** The arguments between a call's parentheses: none, values by name, or one value alone. */
function readArguments(written: string, { schema }: PlanTool): Record<string, JsonValue> | undefined {
  if (written === "") {
    return {};
  }
  const named = [...written.matchAll(ARGUMENT)];
  if (named.length > 0) {
    return Object.fromEntries(named.map(([, key = "", value = ""]) => [key, readValue(value)]));
  }
  const args = toolArguments(schema);
  const sole = args && soleArgument(args);
  return sole === undefined ? undefined : { [sole]: readValue(written) };
}

function readValue(written: string): JsonValue {
  const text = written.trim();
  return parseJson(text) ?? text.replace(/^'(.*)'$/s, "$1");
}

/** The output of the one step before that calls the tool, or has the field, that a reference begins with. */
function fromName(expression: string, before: readonly PlanStep[], known: KnownOutputs): string | undefined {
  const [, name = "", path = ""] = NAMED.exec(expression) ?? [];
  const callers = before.filter(({ tool }) => tool === name);
  const sources = callers.length > 0 ? callers : before.filter((step) => known.hasField(step, name));
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0) {
    return undefined;
  }
  return callers.length > 0 ? source.id + path : `${source.id}.${expression}`;
}

function mapArgs(args: NonNullable<PlanStep["args"]>, change: (text: string) => string) {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, mapTexts(value, change)]));
}
