/** A heap of numbers; the smallest comes out first. Sorting steps by their index this way keeps the order stable. */
export class IndexHeap {
  readonly #items: number[] = [];

  push(value: number): void {
    let index = this.#items.push(value) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#at(parent) <= value) {
        break;
      }
      this.#items[index] = this.#at(parent);
      index = parent;
    }
    this.#items[index] = value;
  }

  /** Takes out the smallest number; undefined if the heap is empty. */
  pop(): number | undefined {
    const smallest = this.#items[0];
    const last = this.#items.pop();
    if (last === undefined || this.#items.length === 0) {
      return smallest;
    }
    let index = 0;
    for (let child = this.#smallerChild(index); this.#at(child) < last; child = this.#smallerChild(index)) {
      this.#items[index] = this.#at(child);
      index = child;
    }
    this.#items[index] = last;
    return smallest;
  }

  #smallerChild(index: number): number {
    const left = 2 * index + 1;
    return this.#at(left + 1) < this.#at(left) ? left + 1 : left;
  }

  #at(index: number): number {
    return this.#items[index] ?? Number.POSITIVE_INFINITY;
  }
}
