import type { JsonValue, PastStep } from "langgraph-plan-execute";
import { z } from "zod";
import type { Measures } from "../design/find-measure.js";
import { readTableCard, type TableCard } from "../design/table-card.js";

const sourcesSchema = z.object({
  measures: z.array(
    z.object({ name: z.string(), multiply: z.array(z.string()), table: z.string().optional() }),
  ),
});
const madeSchema = z.object({ dataset: z.string() });
const cleanedSchema = z.object({ dataset: z.string(), output: z.string() });
const validationSchema = z.object({
  badRows: z.number(),
  failed: z.array(
    z.object({ check: z.string(), rows: z.number(), repairable: z.number(), examples: z.array(z.string()) }),
  ),
});
/** What a validation found that did not pass. */
export type FailedValidation = z.infer<typeof validationSchema>;

/** The step that looks at sources which the goal does not name: those that it could not read are left out. */
export const EXTRACT_ALL = "extract_all";

/** What the finished steps of a turn tell. */
export interface PipelineProgress {
  readonly tables: readonly TableCard[];
  readonly measures: Measures;
  /** Whether all sources were looked at, named or not. */
  readonly hasAll: boolean;
  /** Whether an output was too long to be read here. */
  readonly isCut: boolean;
  readonly ids: ReadonlySet<string>;
  readonly made: ReadonlySet<string>;
  /** What a dataset is called since it was cleaned. */
  handleOf(dataset: string): string;
  /** How often a dataset was cleaned. */
  cleanings(dataset: string): number;
  /** How the last validation of a dataset ended. */
  validationOf(handle: string): "none" | "passed" | FailedValidation;
}

/** Reads what the finished steps say, as a prompt shows them. */
export function readProgress(pastSteps: readonly PastStep[]): PipelineProgress {
  const done = pastSteps.filter(({ status }) => status === "done");
  const lists = done.filter(({ tool }) => tool === "list_sources");
  const extracted = done.filter(({ tool }) => tool === "extract").map(({ output }) => output);
  const outputs = extracted.flatMap((output): (JsonValue | undefined)[] =>
    Array.isArray(output) ? output : [output],
  );
  const cards = outputs.map(readTableCard);
  const tables = new Map(
    cards.flatMap((card) => (card === undefined ? [] : [[card.dataset, card] as const])),
  );
  const listed = lists.map(({ output }) => sourcesSchema.safeParse(output));
  const next = new Map(
    done
      .filter(({ tool }) => tool === "repair" || tool === "quarantine")
      .flatMap(({ args }): [string, string][] => {
        const cleaned = cleanedSchema.safeParse(args);
        return cleaned.success ? [[cleaned.data.dataset, cleaned.data.output]] : [];
      }),
  );
  const line = (dataset: string): string[] => {
    const after = next.get(dataset);
    return after === undefined ? [dataset] : [dataset, ...line(after)];
  };
  return {
    tables: [...tables.values()],
    measures: listed.flatMap((list) => (list.success ? list.data.measures : [])),
    hasAll: lists.some(({ args }) => args?.tables === undefined),
    isCut: cards.includes(undefined) || listed.some(({ success }) => !success),
    ids: new Set(pastSteps.map(({ id }) => id)),
    made: new Set(
      done
        .filter(({ tool }) => tool === "transform")
        .flatMap(({ output }) => {
          const read = madeSchema.safeParse(output);
          return read.success ? [read.data.dataset] : [];
        }),
    ),
    handleOf: (dataset) => line(dataset).at(-1) ?? dataset,
    cleanings: (dataset) => line(dataset).length - 1,
    validationOf: (handle) => {
      const last = pastSteps.findLast(({ tool, args }) => tool === "validate" && args?.dataset === handle);
      if (last?.status === "done") {
        return "passed";
      }
      const read = validationSchema.safeParse(last?.output);
      return last?.status === "unexpected" && read.success ? read.data : "none";
    },
  };
}
