/** A handle on a value in a heap. Pass it to `remove`. */
export interface HeapEntry<T> {
  readonly value: T;
  /** The index in the heap's array, or -1 after the value was taken out. Only the heap writes it. */
  position: number;
}

/** A binary heap. Adding or taking out a value takes logarithmic time. */
export interface Heap<T> {
  readonly size: number;
  /** Adds a value and returns its handle. */
  push(value: T): HeapEntry<T>;
  /** Takes out the first value. Returns undefined if the heap is empty. */
  pop(): T | undefined;
  /** Takes out one value, wherever it is in the heap. Does nothing if it was already taken out. */
  remove(entry: HeapEntry<T>): void;
}

/** Creates an empty heap, ordered by `comesBefore`. */
export function createHeap<T>(comesBefore: (left: T, right: T) => boolean): Heap<T> {
  const entries: HeapEntry<T>[] = [];

  function place(entry: HeapEntry<T>, position: number): void {
    entries[position] = entry;
    entry.position = position;
  }

  function swap(upper: HeapEntry<T>, lower: HeapEntry<T>): void {
    const { position } = upper;
    place(upper, lower.position);
    place(lower, position);
  }

  function siftUp(entry: HeapEntry<T>): void {
    for (;;) {
      const parent = entries[(entry.position - 1) >> 1];
      if (parent === undefined || !comesBefore(entry.value, parent.value)) {
        return;
      }
      swap(parent, entry);
    }
  }

  function firstChild({ position }: HeapEntry<T>): HeapEntry<T> | undefined {
    const left = entries[2 * position + 1];
    const right = entries[2 * position + 2];
    return left !== undefined && right !== undefined && comesBefore(right.value, left.value) ? right : left;
  }

  function siftDown(entry: HeapEntry<T>): void {
    for (;;) {
      const child = firstChild(entry);
      if (child === undefined || !comesBefore(child.value, entry.value)) {
        return;
      }
      swap(entry, child);
    }
  }

  function remove(entry: HeapEntry<T>): void {
    const { position } = entry;
    if (entries[position] !== entry) {
      return;
    }
    entry.position = -1;
    const last = entries.pop();
    if (last === undefined || last === entry) {
      return;
    }
    place(last, position);
    siftUp(last);
    siftDown(last);
  }

  return {
    get size() {
      return entries.length;
    },
    push(value) {
      const entry = { value, position: entries.length };
      entries.push(entry);
      siftUp(entry);
      return entry;
    },
    pop() {
      const first = entries[0];
      if (first !== undefined) {
        remove(first);
      }
      return first?.value;
    },
    remove,
  };
}
