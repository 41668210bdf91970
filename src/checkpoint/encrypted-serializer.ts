import { createSecretKey, type KeyObject } from "node:crypto";
import { MemorySaver } from "@langchain/langgraph";
import { CheckpointerError } from "./checkpointer-error.js";
import { asEnvelope, type Envelope, open, readEnvelope, seal } from "./encryption-envelope.js";
import { assertKeys, type EncryptionKey } from "./encryption-keys.js";
import type { CheckpointerOptions } from "./open-checkpointer.js";

type Serializer = NonNullable<CheckpointerOptions["serializer"]>;

/** How values are encrypted. */
export type EncryptedSerializerOptions = {
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
};

const encryptedType = "encrypted";

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
  if (first === undefined) throw new TypeError("The keys were checked to be there.");
  const [writingId, writingKey] = first;
  return {
    async dumpsTyped(value) {
      const sealed = ownEnvelope(value, keysById);
      if (sealed !== undefined) return [encryptedType, toBytes(sealed)];
      const [type, plain] = await serializer.dumpsTyped(value);
      return [encryptedType, toBytes(seal(type, plain, writingId, writingKey))];
    },
    async loadsTyped(type, data) {
      const envelope = readEnvelope(typeof data === "string" ? data : Buffer.from(data).toString());
      if (envelope !== undefined)
        return serializer.loadsTyped(envelope.encrypted.type, decrypt(envelope, keysById));
      if (type === encryptedType) throw cannotDecrypt("its bytes were changed or cut off", mend);
      if (acceptPlaintext) return serializer.loadsTyped(type, data);
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
  if (envelope === undefined || key === undefined) return undefined;
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
  if (plain !== undefined) return plain;
  throw cannotDecrypt(`the key "${id}" is not the one that encrypted it, or its bytes were changed`, mend);
}

/** LangGraph gives its own serializer out only inside a saver. */
function standardSerializer(): Serializer {
  return new MemorySaver().serde;
}

const mend = "If the keys are right, the entry is damaged: restore it from a backup, or delete the thread.";

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
