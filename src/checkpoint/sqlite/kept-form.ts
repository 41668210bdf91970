import { z } from "zod";

/** The path to a part of a value: keys from the outside in, empty for the value itself. */
export type Place = readonly (string | number)[];

/** An id in place of a large value. */
export interface Hole {
  readonly place: Place;
  readonly id: string;
}

/** A place that can be set: a key of an object or a list. */
export interface Slot {
  readonly holder: object;
  readonly key: string | number;
}

const MARKER = "langgraph-plan-execute/large-values";
const formSchema = z.strictObject({
  [MARKER]: z.array(z.array(z.union([z.string(), z.number()]))),
  value: z.unknown(),
});

/**
 * Wraps a value that contains ids, together with their places. Nothing in a value is therefore ever mistaken
 * for an id because it looks like one, and readers need not search for ids. A value without ids is wrapped
 * only if it looks like this form itself.
 */
export function toKeptForm(value: unknown, holes: readonly Hole[]): unknown {
  if (holes.length === 0 && !isMarked(value)) {
    return value;
  }
  return { [MARKER]: holes.map(({ place }) => place), value };
}

/** Unwraps the value in a slot, and returns the slots in it that hold ids. Returns undefined if the form is damaged. */
export function openKeptForm(slot: Slot): Slot[] | undefined {
  const kept: unknown = Reflect.get(slot.holder, slot.key);
  if (!isMarked(kept)) {
    return [];
  }
  const form = formSchema.safeParse(kept).data;
  if (form === undefined) {
    return undefined;
  }
  Reflect.set(slot.holder, slot.key, form.value);
  const slots: Slot[] = [];
  for (const place of form[MARKER]) {
    const found = slotAt(slot, place);
    if (found === undefined) {
      return undefined;
    }
    slots.push(found);
  }
  return slots;
}

function slotAt(slot: Slot, place: Place): Slot | undefined {
  let { holder, key } = slot;
  for (const next of place) {
    const inner: unknown = Reflect.get(holder, key);
    if (!(inner instanceof Object)) {
      return undefined;
    }
    holder = inner;
    key = next;
  }
  return { holder, key };
}

function isMarked(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, MARKER);
}
