import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { MemorySaver } from "@langchain/langgraph";
import { z } from "zod";
import { CheckpointerError } from "./checkpointer-error.js";
import type { CheckpointerOptions } from "./driver.js";

/**
 * A key of 32 bytes. Its id is stored with every value that it encrypts, so that the value's key can be found again.
 */
export interface EncryptionKey {
  readonly id: string;
  readonly key: Uint8Array;
}

type Serializer = NonNullable<CheckpointerOptions["serializer"]>;

/** Options of the encrypted serializer. */
export interface EncryptedSerializerOptions {
  /**
   * The first key encrypts, and all of them decrypt. To rotate, put a new key first and keep the old ones for
   * the values that they encrypted.
   */
  readonly keys: readonly EncryptionKey[];
  /**
   * Converts values to bytes before they are encrypted.
   * @default LangGraph's own: JSON
   */
  readonly serializer?: Serializer;
  /**
   * Accepts values from before encryption was switched on. It then also accepts plaintext that somebody has
   * planted since.
   * @default false
   */
  readonly acceptPlaintext?: boolean;
}

const ENCRYPTED_TYPE = "encrypted";

const MEND = "If the keys are right, the entry is damaged: restore it from a backup, or delete the thread.";

/**
 * Creates a serializer for `createCheckpointer` that encrypts with AES-256-GCM. Values whose bytes were
 * changed are refused, not read.
 * @throws CheckpointerError INVALID_KEYS; when reading, CANNOT_DECRYPT or NOT_ENCRYPTED.
 */
export function createEncryptedSerializer({
  keys,
  serializer = standardSerializer(),
  acceptPlaintext = false,
}: EncryptedSerializerOptions): Serializer {
  assertKeys(keys);
  const keysById = new Map(keys.map(({ id, key }) => [id, createSecretKey(key)] as const));
  const [first] = keysById;
  if (first === undefined) {
    throw new TypeError("The keys were checked to be there.");
  }
  const [writingId, writingKey] = first;
  return {
    async dumpsTyped(value) {
      const sealed = ownEnvelope(value, keysById);
      if (sealed !== undefined) {
        return [ENCRYPTED_TYPE, toBytes(sealed)];
      }
      const [type, plain] = await serializer.dumpsTyped(value);
      return [ENCRYPTED_TYPE, toBytes(seal(type, plain, writingId, writingKey))];
    },
    async loadsTyped(type, data) {
      const envelope = readEnvelope(typeof data === "string" ? data : Buffer.from(data).toString());
      if (envelope !== undefined) {
        return serializer.loadsTyped(envelope.encrypted.type, decrypt(envelope, keysById));
      }
      if (type === ENCRYPTED_TYPE) {
        throw cannotDecrypt("its bytes were changed or cut off", MEND);
      }
      if (acceptPlaintext) {
        return serializer.loadsTyped(type, data);
      }
      throw notEncrypted();
    },
  };
}

/**
 * Recognizes a value that we have already encrypted. PostgreSQL's saver reads metadata by serializing what it
 * finds and deserializing that, so an encrypted value comes here a second time. It passes unchanged, but only
 * if one of our keys made it; anything else is just a value.
 */
function ownEnvelope(value: unknown, keys: ReadonlyMap<string, KeyObject>): Envelope | undefined {
  const envelope = asEnvelope(value);
  const key = envelope === undefined ? undefined : keys.get(envelope.encrypted.key);
  if (envelope === undefined || key === undefined) {
    return undefined;
  }
  return open(envelope, key) === undefined ? undefined : envelope;
}

function decrypt(envelope: Envelope, keys: ReadonlyMap<string, KeyObject>): Uint8Array {
  const { key: id } = envelope.encrypted;
  const key = keys.get(id);
  if (key === undefined) {
    const given = [...keys.keys()].map((name) => `"${name}"`).join(", ");
    throw cannotDecrypt(
      `it was encrypted with the key "${id}", and given are ${given}`,
      `Add "${id}" behind the first.`,
    );
  }
  const plain = open(envelope, key);
  if (plain !== undefined) {
    return plain;
  }
  throw cannotDecrypt(`the key "${id}" is not the one that encrypted it, or its bytes were changed`, MEND);
}

/** LangGraph exposes its own serializer only through a saver. */
function standardSerializer(): Serializer {
  return new MemorySaver().serde;
}

function toBytes(envelope: Envelope): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(envelope));
}

function cannotDecrypt(why: string, whatNext: string): CheckpointerError {
  return new CheckpointerError("CANNOT_DECRYPT", `A stored value cannot be decrypted: ${why}. ${whatNext}`);
}

function notEncrypted(): CheckpointerError {
  return new CheckpointerError(
    "NOT_ENCRYPTED",
    "A stored value is not encrypted. If it is from before encryption was switched on, set acceptPlaintext: true; " +
      "if not, somebody has put it there.",
  );
}

const ENCRYPTION_KEYS_VARIABLE = "PLAN_EXECUTE_ENCRYPTION_KEYS";

const KEY_BYTES = 32;
const HOW_TO = `Write ${ENCRYPTION_KEYS_VARIABLE}="<id>:<base64 of ${KEY_BYTES} bytes>,…", the key that encrypts first; openssl rand -base64 ${KEY_BYTES} makes one.`;

/**
 * Reads the keys from the environment variable `PLAN_EXECUTE_ENCRYPTION_KEYS`: `<id>:<base64>`, separated by
 * commas.
 * @throws CheckpointerError INVALID_KEYS, naming every part that is wrong but never a key.
 */
export function encryptionKeysFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): EncryptionKey[] {
  const text = environment[ENCRYPTION_KEYS_VARIABLE]?.trim() ?? "";
  if (text === "") {
    throw invalidKeys([`${ENCRYPTION_KEYS_VARIABLE} is not set`]);
  }
  const keys = text.split(",").map((part) => {
    const [, id = "", encoded = ""] = /^([^:]*):(.*)$/s.exec(part.trim()) ?? [];
    const key = Buffer.from(encoded, "base64");
    return { id, key: key.toString("base64") === encoded ? key : Buffer.alloc(0) };
  });
  assertKeys(keys);
  return keys;
}

/** Throws unless there is at least one key, and each has a unique id and 32 bytes. */
function assertKeys(keys: readonly EncryptionKey[]): void {
  const problems = keys.flatMap(({ id, key }, index) => problemsOf(id, key, index, keys));
  if (keys.length === 0) {
    problems.push("there is none");
  }
  if (problems.length > 0) {
    throw invalidKeys(problems);
  }
}

/**
 * Lists what is wrong with a key. An invalid id is never repeated, because someone who forgot the id has
 * written the key in its place.
 */
function problemsOf(
  id: string,
  key: Uint8Array,
  index: number,
  keys: readonly EncryptionKey[],
): readonly string[] {
  const place = `key ${index + 1}`;
  if (!/^[\w.-]{1,32}$/.test(id)) {
    return [`${place} has no id, or one that is not 1 to 32 letters, digits, dots, hyphens and underscores`];
  }
  const problems: string[] = [];
  if (keys.findIndex((other) => other.id === id) !== index) {
    problems.push(`${place} has the id "${id}", which another has too`);
  }
  if (key.length !== KEY_BYTES) {
    problems.push(`${place} ("${id}") is not ${KEY_BYTES} bytes in base64`);
  }
  return problems;
}

function invalidKeys(problems: readonly string[]): CheckpointerError {
  return new CheckpointerError(
    "INVALID_KEYS",
    `The encryption keys are wrong: ${problems.join("; ")}. ${HOW_TO}`,
  );
}

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const envelopeSchema = z.strictObject({
  encrypted: z.strictObject({ v: z.literal(1), type: z.string(), key: z.string(), data: z.string() }),
});

/**
 * The stored form of an encrypted value. Version, type and key id are readable but authenticated; `data` is
 * nonce, tag and ciphertext. It is JSON because PostgreSQL's saver parses the metadata that it gets, and text
 * because SQLite's saver reads writes as text.
 */
type Envelope = z.infer<typeof envelopeSchema>;

/** Encrypts bytes with a fresh nonce. */
function seal(type: string, plain: Uint8Array, keyId: string, key: KeyObject): Envelope {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(authenticated(type, keyId));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  const data = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString("base64");
  return { encrypted: { v: 1, type, key: keyId, data } };
}

/** Decrypts an envelope. Returns undefined if the key is another one, or any byte was changed. */
function open({ encrypted }: Envelope, key: KeyObject): Uint8Array | undefined {
  const bytes = Buffer.from(encrypted.data, "base64");
  // The same bytes have more than one base64 form. Only the one that we write counts as unchanged.
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString("base64") !== encrypted.data) {
    return undefined;
  }
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(authenticated(encrypted.type, encrypted.key));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const plain = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch (error) {
    if (error instanceof Error) {
      return undefined;
    }
    throw error;
  }
}

function asEnvelope(value: unknown): Envelope | undefined {
  return envelopeSchema.safeParse(value).data;
}

/** Reads text as an envelope. It must be written exactly as we write it. */
function readEnvelope(text: string): Envelope | undefined {
  if (!text.startsWith('{"encrypted":')) {
    return undefined;
  }
  try {
    const envelope = asEnvelope(JSON.parse(text));
    return envelope !== undefined && JSON.stringify(envelope) === text ? envelope : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

function authenticated(type: string, keyId: string): Uint8Array {
  return Buffer.from(JSON.stringify([1, type, keyId]));
}
