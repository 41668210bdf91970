import {
  conditionUses,
  findReferences,
  ITEM_VARIABLES,
  type OutputShape,
  type PlanStep,
  splitReference,
} from "../../plan/index.js";

const ANY: OutputShape = { kind: "any" };
const INDEX = /^\d+$/;

/**
 * The shape that a step's output must have for the steps that read it: a list for a for-each step, true or false for a
 * condition, an object for references to its fields, and any otherwise. Of a for-each step it is what one item gives.
 */
export function neededShape(step: PlanStep, plan: readonly PlanStep[]): OutputShape {
  const shape = shapeOfPaths(plan.flatMap((reader) => readPaths(step, reader, plan)));
  const own = step.forEach === undefined ? shape : shape.kind === "list" ? shape.item : ANY;
  const isTruth = own.kind === "any" && conditionUses(step, plan).some((use) => use.isTruth);
  return isTruth ? { kind: "single", type: "boolean" } : own;
}

/** The paths by which a step reads the output of another. An item of a list is the path's "0". */
function readPaths({ id }: PlanStep, reader: PlanStep, plan: readonly PlanStep[]): (readonly string[])[] {
  const known = new Set([...plan.map((one) => one.id), ...ITEM_VARIABLES]);
  const targets = (value: unknown) =>
    findReferences(value).flatMap((expression) => splitReference(expression, known) ?? []);
  const read = targets([reader.description, reader.args, reader.if]);
  const lists = targets(reader.forEach).filter((list) => list.id === id);
  const items = [[], ...read.filter((target) => target.id === "item").map(({ path }) => path)];
  return [
    ...read.filter((target) => target.id === id).map(({ path }) => path),
    ...lists.flatMap((list) => items.map((path) => [...list.path, "0", ...path])),
  ];
}

function shapeOfPaths(paths: readonly (readonly string[])[]): OutputShape {
  const deeper = paths.filter(([key]) => key !== undefined && key !== "length");
  const keys = [...new Set(deeper.flatMap(([key = ""]) => key))];
  if (keys.length === 0) {
    return ANY;
  }
  const isList = keys.every((key) => INDEX.test(key));
  const inside = (of: (key: string) => boolean) =>
    shapeOfPaths(deeper.filter(([key = ""]) => of(key)).map(([, ...path]) => path));
  if (isList) {
    return { kind: "list", item: inside(() => true) };
  }
  const fields = keys.map(
    (key) => [key, { shape: inside((own) => own === key), isOptional: false }] as const,
  );
  return { kind: "object", fields: new Map(fields), isOpen: false };
}
