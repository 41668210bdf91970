import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { pathOf, type RunKey } from "../run/run-folder.js";
import { type EvalSettings, settingsSchema } from "../run/settings.js";
import { writeJson } from "../write-json.js";

const exchangeSchema = z.object({
  role: z.string(),
  model: z.string(),
  hash: z.string(),
  /** Counts requests that are the same, from 1. */
  attempt: z.number(),
  status: z.number(),
  contentType: z.string(),
  /** The body as it came, gzipped, in base64. */
  body: z.string(),
  /** Whether who asked left before its end. */
  isLeft: z.boolean(),
});

/** A recorded request with its answer. */
export type Exchange = z.infer<typeof exchangeSchema>;

const tapeSchema = z.object({
  /** What the run came to. A replay has to come to the same. */
  answer: z.string(),
  isRight: z.boolean(),
  exchanges: z.array(exchangeSchema).readonly(),
});

/** What was recorded of one run of a task. */
export type Tape = z.infer<typeof tapeSchema>;

/** A folder of recordings: `cassette.json` with the settings, and a tape for each run of a task. */
export class Cassette {
  constructor(readonly path: string) {}

  /** Reads the settings that it was recorded with. */
  settings(): EvalSettings {
    return settingsSchema.parse(JSON.parse(readFileSync(join(this.path, "cassette.json"), "utf8")));
  }

  begin(settings: EvalSettings): void {
    writeJson(join(this.path, "cassette.json"), settings);
  }

  has(key: RunKey): boolean {
    return existsSync(join(this.path, pathOf(key)));
  }

  read(key: RunKey): Tape {
    return tapeSchema.parse(JSON.parse(readFileSync(join(this.path, pathOf(key)), "utf8")));
  }

  save(key: RunKey, tape: Tape): void {
    writeJson(join(this.path, pathOf(key)), tape);
  }
}

export function packBody(bytes: Uint8Array): string {
  return gzipSync(bytes, { level: 9 }).toString("base64");
}

export function unpackBody(body: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gunzipSync(Buffer.from(body, "base64")));
}
