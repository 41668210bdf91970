import type { Arithmetic } from "./arithmetic-phrases.js";
import type { PlanDraft } from "./plan-draft.js";
import type { Value } from "./values.js";
import { ASKS, LEADS } from "./words.js";

/** Moves over "what is", "calculate" and the like; true where there was one. */
export function skipAsks({ cursor }: Pick<Arithmetic, "cursor">): boolean {
  const from = cursor.at;
  let before = -1;
  while (before !== cursor.at) {
    before = cursor.at;
    cursor.skip(LEADS);
    cursor.skip(ASKS);
    cursor.take(":", ",");
  }
  return cursor.at > from;
}

/** An expression becomes a calculator step; a single number or reference stays what it is. */
export function toStep(draft: PlanDraft, value: Value, label: string): Value | undefined {
  if (/^(?:\{\{[\w.[\]-]+\}\}|[\d.]+)$/.test(value.text) || value.kind === "text") {
    return value;
  }
  const expression = value.text.replaceAll(/^\((.*)\)$/g, (whole, inner: string) =>
    /[()]/.test(inner) ? whole : inner,
  );
  const id = draft.addStep("calculator", { expression }, label === "" ? expression : label);
  if (id === undefined) {
    return undefined;
  }
  return { text: `{{${id}}}`, atomic: true, kind: "number", tags: value.tags };
}

/** All the values, or undefined where one is missing. */
export function allOf(values: readonly (Value | undefined)[]): readonly Value[] | undefined {
  const found = values.filter((value) => value !== undefined);
  return found.length === values.length ? found : undefined;
}
