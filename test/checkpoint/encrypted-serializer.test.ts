import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { HumanMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEncryptedSerializer, type EncryptionKey } from "../../src/checkpoint/index.js";

const newKey = (id: string): EncryptionKey => ({ id, key: randomBytes(32) });
const [oldKey, key] = [newKey("2026a"), newKey("2026b")];
const serializer = createEncryptedSerializer({ keys: [key] });
const value = { goal: "a secret", list: [1, null, "ü"], message: new HumanMessage("hello") };

describe("the encrypted serializer", () => {
  it("gives back any value, and never the same bytes for the same value", async () => {
    const anything = fc.oneof(fc.jsonValue(), fc.uint8Array());
    await fc.assert(
      fc.asyncProperty(anything, async (one) => {
        const [type, sealed] = await serializer.dumpsTyped(one);
        const [, again] = await serializer.dumpsTyped(one);
        expect(sealed).not.toEqual(again);
        const read = await serializer.loadsTyped(type, sealed);
        expect(one instanceof Uint8Array ? new Uint8Array(read) : read).toEqual(jsonOf(one));
      }),
    );
    const [type, sealed] = await serializer.dumpsTyped(value);
    expect((await serializer.loadsTyped(type, sealed)).message).toBeInstanceOf(HumanMessage);
  });

  it("writes nothing of the value, and says which key it took", async () => {
    const [type, sealed] = await serializer.dumpsTyped(value);
    expect(type).toBe("encrypted");
    const text = new TextDecoder().decode(sealed);
    expect(JSON.parse(text)).toEqual({
      encrypted: { v: 1, type: "json", key: "2026b", data: expect.any(String) },
    });
    expect(text).not.toContain("secret");
    expect(Buffer.from(JSON.parse(text).encrypted.data, "base64").toString()).not.toContain("secret");
  });

  it("reads bytes, text, and what a saver gives as plain JSON", async () => {
    const [, sealed] = await serializer.dumpsTyped("x");
    for (const [type, data] of [
      ["encrypted", sealed],
      ["encrypted", new TextDecoder().decode(sealed)],
      ["json", sealed],
    ] as const) {
      expect(await serializer.loadsTyped(type, data)).toBe("x");
    }
  });

  it("refuses each changed bit and each missing end", async () => {
    const [type, sealed] = await serializer.dumpsTyped({ a: 1 });
    for (const reader of [serializer, createEncryptedSerializer({ keys: [key], acceptPlaintext: true })]) {
      for (let place = 0; place < sealed.length * 8; place += 1) {
        const changed = Uint8Array.from(sealed);
        changed[place >> 3] = (changed[place >> 3] ?? 0) ^ (1 << (place & 7));
        await expect(reader.loadsTyped(type, changed)).rejects.toMatchObject({ code: "CANNOT_DECRYPT" });
      }
      for (let length = 0; length < sealed.length; length += 1) {
        await expect(reader.loadsTyped(type, sealed.subarray(0, length))).rejects.toMatchObject({
          code: "CANNOT_DECRYPT",
        });
      }
    }
  });

  it("refuses any other byte at any place, and any change of a larger value", async () => {
    const [type, sealed] = await serializer.dumpsTyped({ text: "x".repeat(5_000) });
    const change = fc.record({ place: fc.nat(sealed.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const changed = Uint8Array.from(sealed);
        for (const { place, byte } of changes) {
          changed[place] = byte;
        }
        fc.pre(!Buffer.from(changed).equals(sealed));
        await expect(serializer.loadsTyped(type, changed)).rejects.toMatchObject({ code: "CANNOT_DECRYPT" });
      }),
    );
  });

  it("refuses what was moved under another type", async () => {
    const [type, sealed] = await serializer.dumpsTyped("text");
    const moved = new TextDecoder().decode(sealed).replace('"json"', '"bytes"');
    await expect(serializer.loadsTyped(type, moved)).rejects.toMatchObject({ code: "CANNOT_DECRYPT" });
  });

  it("encrypts with the first key and decrypts with all", async () => {
    const before = createEncryptedSerializer({ keys: [oldKey] });
    const rotated = createEncryptedSerializer({ keys: [key, oldKey] });
    expect(await rotated.loadsTyped(...(await before.dumpsTyped(value)))).toEqual(value);
    expect(await serializer.loadsTyped(...(await rotated.dumpsTyped(value)))).toEqual(value);
    const error = await before.loadsTyped(...(await rotated.dumpsTyped(value))).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "CheckpointerError", code: "CANNOT_DECRYPT" });
    expect(error.message).toBe(
      'A stored value cannot be decrypted: it was encrypted with the key "2026b", and given are "2026a". Add "2026b" behind the first.',
    );
  });

  it("refuses another key of the same name, and says what to look at", async () => {
    const impostor = createEncryptedSerializer({ keys: [newKey(key.id)] });
    const error = await impostor
      .loadsTyped(...(await serializer.dumpsTyped(value)))
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "CANNOT_DECRYPT" });
    expect(error.message).toContain(
      'the key "2026b" is not the one that encrypted it, or its bytes were changed',
    );
  });

  it("reads what is not encrypted only when it is told to", async () => {
    const plain = new TextEncoder().encode('{"a":1}');
    await expect(serializer.loadsTyped("json", plain)).rejects.toMatchObject({
      code: "NOT_ENCRYPTED",
      message: expect.stringContaining("acceptPlaintext: true"),
    });
    const lenient = createEncryptedSerializer({ keys: [key], acceptPlaintext: true });
    expect(await lenient.loadsTyped("json", plain)).toEqual({ a: 1 });
    expect(await lenient.loadsTyped("bytes", plain)).toEqual(plain);
  });

  it("lets what it sealed itself pass a second time, and takes what only looks so for a value", async () => {
    const [type, sealed] = await serializer.dumpsTyped({ source: "loop" });
    const found = JSON.parse(new TextDecoder().decode(sealed));
    expect(await serializer.loadsTyped(...(await serializer.dumpsTyped(found)))).toEqual({ source: "loop" });
    const forged = { encrypted: { ...found.encrypted, data: randomBytes(60).toString("base64") } };
    const [, resealed] = await serializer.dumpsTyped(forged);
    expect(await serializer.loadsTyped(type, resealed)).toEqual(forged);
  });

  it("takes a serializer of one's own, and keeps its types", async () => {
    const own = {
      dumpsTyped: async (one: unknown): Promise<[string, Uint8Array]> => [
        "mine",
        new TextEncoder().encode(String(one)),
      ],
      loadsTyped: async (type: string, data: Uint8Array | string) =>
        `${type} ${Buffer.from(data).toString()}`,
    };
    const wrapped = createEncryptedSerializer({ keys: [key], serializer: own });
    expect(await wrapped.loadsTyped(...(await wrapped.dumpsTyped("value")))).toBe("mine value");
  });

  it("shows no key when it is printed", () => {
    const shown = inspect(serializer, { depth: 9, showHidden: true });
    expect(shown).not.toContain(Buffer.from(key.key).toString("hex"));
    expect(shown).not.toContain(Buffer.from(key.key).toString("base64"));
  });
});

function jsonOf(one: unknown): unknown {
  return one instanceof Uint8Array ? new Uint8Array(one) : JSON.parse(JSON.stringify(one));
}
