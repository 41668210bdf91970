import type { Media } from "./mcp-result.js";

/** Larger pictures, sounds and files are not kept: their bytes, as base64. */
export const MAX_MEDIA_CHARACTERS = 20_000_000;
/** How much one agent keeps in memory, as base64. */
const MAX_KEPT_CHARACTERS = 64_000_000;

/** The pictures, sounds and files that an agent keeps in this process. The oldest make room for new ones. */
export class MediaMemory {
  readonly #kept = new Map<string, Media>();
  #characters = 0;

  get(name: string): Media | undefined {
    return this.#kept.get(name);
  }

  add(name: string, media: Media): void {
    if (this.#kept.has(name)) {
      return;
    }
    this.#kept.set(name, media);
    this.#characters += media.data.length;
    for (const [oldest, { data }] of this.#kept) {
      if (this.#characters <= MAX_KEPT_CHARACTERS) {
        return;
      }
      this.#kept.delete(oldest);
      this.#characters -= data.length;
    }
  }
}
