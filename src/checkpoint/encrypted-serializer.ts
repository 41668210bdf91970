import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { MemorySaver } from "@langchain/langgraph";
import { z } from "zod";
import { CheckpointerError } from "./checkpointer-error.js";
import type { CheckpointerOptions } from "./driver.js";

/** A key of 32 bytes, and the name under which what it encrypted is found again. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/** Where the keys stand in the environment. */
const ENCRYPTION_KEYS_VARIABLE = "PLAN_EXECUTE_ENCRYPTION_KEYS";

const KEY_BYTES = 32;
const HOW_TO = `Write ${ENCRYPTION_KEYS_VARIABLE}="<id>:<base64 of ${KEY_BYTES} bytes>,…", the key that encrypts first; openssl rand -base64 ${KEY_BYTES} makes one.`;

/**
 * Reads the keys from the environment's `PLAN_EXECUTE_ENCRYPTION_KEYS`: `<id>:<base64>`, separated by commas.
 * @throws CheckpointerError INVALID_KEYS, with each part that is wrong, and never a key.
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

/** Throws unless there are keys, each with an id of its own and 32 bytes. */
function assertKeys(keys: readonly EncryptionKey[]): void {
  const problems = keys.flatMap(({ id, key }, index) => problemsOf(id, key, index, keys));
  if (keys.length === 0) {
    problems.push("there is none");
  }
  if (problems.length > 0) {
    throw invalidKeys(problems);
  }
}

/** An id that is no id is not repeated: whoever forgot the id wrote the key in its place. */
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
 * What is kept of an encrypted value: version, type and key in the clear and authenticated; then nonce, tag and
 * ciphertext. It is JSON, since PostgreSQL's saver parses what it gets for metadata, and text, since SQLite's saver
 * reads writes as text.
 */
type Envelope = z.infer<typeof envelopeSchema>;

/** Encrypts bytes under a nonce of their own. */
function seal(type: string, plain: Uint8Array, keyId: string, key: KeyObject): Envelope {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(authenticated(type, keyId));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  const data = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString("base64");
  return { encrypted: { v: 1, type, key: keyId, data } };
}

/** Decrypts what was sealed; undefined where the key is another, or a byte is. */
function open({ encrypted }: Envelope, key: KeyObject): Uint8Array | undefined {
  const bytes = Buffer.from(encrypted.data, "base64");
  // Base64 can be written in more than one way; only the one that we write is unchanged.
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

/** An envelope, if a value is one. */
function asEnvelope(value: unknown): Envelope | undefined {
  return envelopeSchema.safeParse(value).data;
}

/** The envelope that a text is, written exactly as we write it. */
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

type Serializer = NonNullable<CheckpointerOptions["serializer"]>;

/** How values are encrypted. */
export interface EncryptedSerializerOptions {
  /** The first encrypts, all decrypt. To rotate, put a new key first and keep the old ones for what they encrypted. */
  readonly keys: readonly EncryptionKey[];
  /**
   * Turns values into bytes before they are encrypted.
   * @default LangGraph's own: JSON
   */
  readonly serializer?: Serializer;
  /**
   * Reads what was written before encryption was switched on. It is then also read where somebody put it there since.
   * @default false
   */
  readonly acceptPlaintext?: boolean;
}

const ENCRYPTED_TYPE = "encrypted";

/**
 * A serializer for `createCheckpointer` that encrypts with AES-256-GCM: changed bytes are refused, not read.
 * @throws CheckpointerError INVALID_KEYS; when it reads, CANNOT_DECRYPT or NOT_ENCRYPTED.
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
 * PostgreSQL's saver reads metadata by serializing what it finds and reading that back, so what was sealed comes here
 * a second time. It passes as it is, but only if one of our keys made it: anything else is just a value.
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

/** LangGraph gives its own serializer out only inside a saver. */
function standardSerializer(): Serializer {
  return new MemorySaver().serde;
}

const MEND = "If the keys are right, the entry is damaged: restore it from a backup, or delete the thread.";

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
