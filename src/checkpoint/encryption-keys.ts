import { CheckpointerError } from "./checkpointer-error.js";

/** A key of 32 bytes, and the name under which what it encrypted is found again. */
export type EncryptionKey = { readonly id: string; readonly key: Uint8Array };

/** Where the keys stand in the environment. */
export const encryptionKeysVariable = "PLAN_EXECUTE_ENCRYPTION_KEYS";

const keyBytes = 32;
const howTo = `Write ${encryptionKeysVariable}="<id>:<base64 of ${keyBytes} bytes>,…", the key that encrypts first; openssl rand -base64 ${keyBytes} makes one.`;

/**
 * Reads the keys from the environment's `PLAN_EXECUTE_ENCRYPTION_KEYS`: `<id>:<base64>`, separated by commas.
 * @throws CheckpointerError INVALID_KEYS, with each part that is wrong, and never a key.
 */
export function encryptionKeysFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): EncryptionKey[] {
  const text = environment[encryptionKeysVariable]?.trim() ?? "";
  if (text === "") throw invalidKeys([`${encryptionKeysVariable} is not set`]);
  const keys = text.split(",").map((part) => {
    const [, id = "", encoded = ""] = /^([^:]*):(.*)$/s.exec(part.trim()) ?? [];
    const key = Buffer.from(encoded, "base64");
    return { id, key: key.toString("base64") === encoded ? key : Buffer.alloc(0) };
  });
  assertKeys(keys);
  return keys;
}

/** Throws unless there are keys, each with an id of its own and 32 bytes. */
export function assertKeys(keys: readonly EncryptionKey[]): void {
  const problems = keys.flatMap(({ id, key }, index) => problemsOf(id, key, index, keys));
  if (keys.length === 0) problems.push("there is none");
  if (problems.length > 0) throw invalidKeys(problems);
}

/** An id that is no id is not repeated: whoever forgot the id wrote the key in its place. */
function problemsOf(
  id: string,
  key: Uint8Array,
  index: number,
  keys: readonly EncryptionKey[],
): readonly string[] {
  const place = `key ${index + 1}`;
  if (!/^[\w.-]{1,32}$/.test(id))
    return [`${place} has no id, or one that is not 1 to 32 letters, digits, dots, hyphens and underscores`];
  const problems: string[] = [];
  if (keys.findIndex((other) => other.id === id) !== index)
    problems.push(`${place} has the id "${id}", which another has too`);
  if (key.length !== keyBytes) problems.push(`${place} ("${id}") is not ${keyBytes} bytes in base64`);
  return problems;
}

function invalidKeys(problems: readonly string[]): CheckpointerError {
  return new CheckpointerError(
    "INVALID_KEYS",
    `The encryption keys are wrong: ${problems.join("; ")}. ${howTo}`,
  );
}
