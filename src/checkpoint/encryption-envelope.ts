import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from "node:crypto";
import { z } from "zod";

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

const envelopeSchema = z.strictObject({
  encrypted: z.strictObject({ v: z.literal(1), type: z.string(), key: z.string(), data: z.string() }),
});

/**
 * What is kept of an encrypted value: version, type and key in the clear and authenticated; then nonce, tag and
 * ciphertext. It is JSON, since PostgreSQL's saver parses what it gets for metadata, and text, since SQLite's saver
 * reads writes as text.
 */
export type Envelope = z.infer<typeof envelopeSchema>;

/** Encrypts bytes under a nonce of their own. */
export function seal(type: string, plain: Uint8Array, keyId: string, key: KeyObject): Envelope {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(authenticated(type, keyId));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  const data = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString("base64");
  return { encrypted: { v: 1, type, key: keyId, data } };
}

/** Decrypts what was sealed; undefined where the key is another, or a byte is. */
export function open({ encrypted }: Envelope, key: KeyObject): Uint8Array | undefined {
  const bytes = Buffer.from(encrypted.data, "base64");
  // Base64 can be written in more than one way; only the one that we write is unchanged.
  if (bytes.length < nonceBytes + tagBytes || bytes.toString("base64") !== encrypted.data) return undefined;
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(authenticated(encrypted.type, encrypted.key));
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  const plain = decipher.update(bytes.subarray(nonceBytes + tagBytes));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** An envelope, if a value is one. */
export function asEnvelope(value: unknown): Envelope | undefined {
  return envelopeSchema.safeParse(value).data;
}

/** The envelope that a text is, written exactly as we write it. */
export function readEnvelope(text: string): Envelope | undefined {
  if (!text.startsWith('{"encrypted":')) return undefined;
  try {
    const envelope = asEnvelope(JSON.parse(text));
    return envelope !== undefined && JSON.stringify(envelope) === text ? envelope : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function authenticated(type: string, keyId: string): Uint8Array {
  return Buffer.from(JSON.stringify([1, type, keyId]));
}
