import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createEncryptedSerializer, encryptionKeysFromEnvironment } from "../../src/checkpoint/index.js";

const [first, second] = [randomBytes(32), randomBytes(32)];
const read = (text?: string) => encryptionKeysFromEnvironment({ PLAN_EXECUTE_ENCRYPTION_KEYS: text });

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toMatchObject({ name: "CheckpointerError", code: "INVALID_KEYS" });
    return String(error);
  }
  throw new Error("nothing was thrown");
}

describe("encryption keys", () => {
  it("are read from the environment, in their order", () => {
    const text = ` 2026b:${first.toString("base64")} , 2026a:${second.toString("base64")}`;
    expect(read(text)).toEqual([
      { id: "2026b", key: first },
      { id: "2026a", key: second },
    ]);
  });

  it.each([undefined, "", "  "])("must be there: %j", (text) => {
    const message = messageOf(() => read(text));
    expect(message).toContain("PLAN_EXECUTE_ENCRYPTION_KEYS is not set");
    expect(message).toContain("openssl rand -base64 32");
  });

  it.each([
    ["no id", first.toString("base64"), "key 1 has no id"],
    ["an empty id", `:${first.toString("base64")}`, "key 1 has no id"],
    ["the key in place of the id", `${first.toString("base64")}:x`, "key 1 has no id"],
    ["a key too short", `a:${first.subarray(1).toString("base64")}`, 'key 1 ("a") is not 32 bytes'],
    ["a key in another form", `a:${first.toString("hex")}`, 'key 1 ("a") is not 32 bytes'],
    ["a key with something after it", `a:${first.toString("base64")}x`, 'key 1 ("a") is not 32 bytes'],
    ["an empty part", `a:${first.toString("base64")},`, "key 2 has no id"],
    [
      "an id twice",
      `a:${first.toString("base64")},a:${second.toString("base64")}`,
      'key 2 has the id "a", which another has too',
    ],
  ])("are named by their place where they are wrong, and never shown: %s", (_, text, what) => {
    const message = messageOf(() => read(text));
    expect(message).toContain(what);
    for (const key of [first, second]) {
      for (const form of [key.toString("base64"), key.toString("hex"), key.toString("base64").slice(0, 12)]) {
        expect(message).not.toContain(form);
      }
    }
  });

  it("are all named at once", () => {
    expect(messageOf(() => read("a:b,c"))).toMatch(/key 1 \("a"\) is not 32 bytes .*; key 2 has no id/);
  });

  it("are checked when they are given in code too", () => {
    expect(messageOf(() => createEncryptedSerializer({ keys: [] }))).toContain("there is none");
    const keys = [{ id: "a", key: randomBytes(16) }];
    expect(messageOf(() => createEncryptedSerializer({ keys }))).toContain('key 1 ("a") is not 32 bytes');
  });
});
