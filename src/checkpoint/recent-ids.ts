const mostCharacters = 4_000_000;

/**
 * The ids of the texts that were asked for last. A text is written several times, and each time it is the same string,
 * which the runtime finds in a map without looking at its characters again.
 */
export class RecentIds {
  readonly #ids = new Map<string, { readonly thread: string; readonly id: string }>();
  #characters = 0;

  /** The id of a text, made only if it is not among the last. */
  of(text: string, thread: string, make: () => string): string {
    const known = this.#ids.get(text);
    if (known?.thread === thread) return known.id;
    const id = make();
    if (known === undefined) this.#characters += text.length;
    this.#ids.set(text, { thread, id });
    for (const oldest of this.#ids.keys()) {
      if (this.#characters <= mostCharacters) break;
      this.#ids.delete(oldest);
      this.#characters -= oldest.length;
    }
    return id;
  }
}
