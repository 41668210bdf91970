import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Tried } from "./try-storage.js";

/** The entry of a journal that has its secret. */
export interface SecretEntry {
  read(): Promise<Tried<unknown>>;
  write(value: object): Promise<Tried<unknown>>;
}

const secretSchema = z.object({ secret: z.string() });

/** The secret of a journal. It is made when something is kept first: before, there is nothing to find. */
export class JournalSecret {
  readonly #entry: SecretEntry;
  #stored: Promise<string | null | undefined> | undefined;
  #made: Promise<string | undefined> | undefined;

  constructor(entry: SecretEntry) {
    this.#entry = entry;
  }

  /** The secret; null: there is none yet; undefined: the store does not say. */
  async read(): Promise<string | null | undefined> {
    this.#stored ??= this.#read();
    return this.#made ?? this.#stored;
  }

  /** The secret, made where there is none; undefined: the store takes none. */
  async readOrMake(): Promise<string | undefined> {
    const secret = await this.read();
    if (secret !== null) return secret;
    this.#made ??= this.#make();
    return this.#made;
  }

  async #read(): Promise<string | null | undefined> {
    const tried = await this.#entry.read();
    if (tried.ok) return secretSchema.safeParse(tried.value).data?.secret ?? null;
    this.#stored = undefined;
    return undefined;
  }

  async #make(): Promise<string | undefined> {
    const secret = randomBytes(32).toString("base64url");
    const tried = await this.#entry.write({ secret });
    if (tried.ok) return secret;
    this.#made = undefined;
    return undefined;
  }
}
