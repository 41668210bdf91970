import type { z } from "zod";
import { assertModelName, ModelError } from "../models/index.js";
import { flagOf, type ThreadOptions } from "./option-values.js";
import { UsageError } from "./usage-error.js";

/** Checks options as they are typed; throws a `UsageError` that names what is wrong. */
export function checkOptions<Values extends ThreadOptions>(
  schema: z.ZodType<Values>,
  typed: Readonly<Record<string, unknown>>,
): Values {
  const { success, data, error } = schema.safeParse(typed);
  if (!success) {
    throw new UsageError(error.issues.map(({ path, message }) => describe(typed, path, message)).join(" "));
  }
  assertUsedWithGraph(data);
  assertModels(data);
  return data;
}

function describe(
  typed: Readonly<Record<string, unknown>>,
  path: readonly PropertyKey[],
  message: string,
): string {
  const [name = "", index] = path.map(String);
  const given = typed[name];
  const value: unknown = Array.isArray(given) ? given[Number(index)] : given;
  return `${flagOf(name)} ${message}, not "${String(value)}".`;
}

/** A graph has tools of its own; these options are about the built-in ones. */
function assertUsedWithGraph({ graph, root, allowHttp }: ThreadOptions): void {
  if (graph === undefined || (root === undefined && allowHttp.length === 0)) return;
  const flag = root === undefined ? "--allow-http" : "--root";
  throw new UsageError(`${flag} is for the built-in tools, and --graph brings its own: give one of them.`);
}

function assertModels(options: ThreadOptions): void {
  const { model, plannerModel, executorModel, replannerModel, answerModel } = options;
  const single = { model, plannerModel, executorModel, replannerModel, answerModel };
  const named: [string, string | undefined][] = [
    ...Object.entries(single),
    ...options.fallbackModels.map((fallback): [string, string] => ["fallbackModels", fallback]),
  ];
  for (const [name, spec] of named) {
    if (spec === undefined) continue;
    try {
      assertModelName(spec, {}, flagOf(name));
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      throw new UsageError(error.message, { cause: error });
    }
  }
}
