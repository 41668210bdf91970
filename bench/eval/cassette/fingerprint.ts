import { createHash } from "node:crypto";
import { z } from "zod";

const requestSchema = z.looseObject({ model: z.string().optional() });

/** Ids that are made anew in each run, such as those of calls. They stand for each other. */
const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** What names a request: its path (Gemini's has the model), the model, and a hash of its body. */
export interface Fingerprint {
  readonly model: string;
  readonly hash: string;
}

/** Names a request, the same in every run. The host is not part of it. */
export function fingerprintOf(url: URL, body: string): Fingerprint {
  const names = new Map<string, string>();
  const settled = body.replace(IDS, (id) => {
    const name = names.get(id) ?? `id-${names.size + 1}`;
    names.set(id, name);
    return name;
  });
  const { model = url.pathname } = requestSchema.parse(JSON.parse(body || "{}"));
  const hash = createHash("sha256").update(`${url.pathname}\n${settled}`).digest("hex").slice(0, 20);
  return { model, hash };
}
