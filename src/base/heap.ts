/** A value's place in a heap: what `remove` takes. */
export interface HeapEntry<T> {
  readonly value: T;
  /** Index in the heap's array; the heap alone writes it, -1 once the value is out. */
  position: number;
}

/** A binary heap: the first value by its order is found, added and taken out in logarithmic time. */
export interface Heap<T> {
  /** How many values are in it. */
  readonly size: number;
  /** Adds a value. */
  push(value: T): HeapEntry<T>;
  /** Takes out the value that comes first. */
  pop(): T | undefined;
  /** Takes out one value, wherever it is; nothing happens where it is out already. */
  remove(entry: HeapEntry<T>): void;
}

/** An empty heap whose first value is the one that comes before all others. */
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
