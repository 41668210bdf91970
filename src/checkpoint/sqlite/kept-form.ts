import { z } from "zod";

/** Where something stands in a value: keys from the outside in, none for the value itself. */
export type Place = readonly (string | number)[];

/** An id that stands in the place of a large value. */
export interface Hole {
  readonly place: Place;
  readonly id: string;
}

/** Something that can be set: a key of an object or a list. */
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
 * A value with ids in it, and beside it where they stand. So nothing in a value is ever taken for an id by its looks,
 * and whoever reads need not search for them. Only what looks like this form itself has to be put into it as well.
 */
export function toKeptForm(value: unknown, holes: readonly Hole[]): unknown {
  if (holes.length === 0 && !isMarked(value)) {
    return value;
  }
  return { [MARKER]: holes.map(({ place }) => place), value };
}

/**
 * Puts the value itself into a slot that holds it as it is kept, and returns the slots in it that hold ids; undefined
 * where the form is damaged.
 */
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
