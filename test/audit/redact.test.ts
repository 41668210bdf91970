import { expect, test } from "vitest";
import { createRedact, REDACTED } from "../../src/audit/redact.js";

const redact = createRedact();

test.each([
  "password",
  "dbPassword",
  "API_KEY",
  "api-key",
  "x-api-key",
  "Authorization",
  "client_secret",
  "accessToken",
  "token",
  "Set-Cookie",
  "card_number",
  "IBAN",
])("a field named %s is not kept, whatever it holds", (field) => {
  expect(redact({ [field]: "s", nested: [{ [field]: { deep: 1 } }] })).toEqual({
    [field]: REDACTED,
    nested: [{ [field]: REDACTED }],
  });
});

test("fields that only sound alike are kept", () => {
  const kept = {
    inputTokens: 3,
    tokens: [1],
    author: "ann",
    passenger: "bob",
    secretary: "cid",
    call: "1",
    opinion: "",
  };
  expect(redact(kept)).toEqual(kept);
});

test.each([
  ["use sk-proj-abcdefghijklmnop1234 for it", `use ${REDACTED} for it`],
  ["ghp_abcdefghijklmnopqrstuvwxyz", REDACTED],
  ["Bearer abc.def-ghi_jkl", REDACTED],
  ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl", REDACTED],
  ["postgres://ann:hunter2@db/x", `postgres://ann:${REDACTED}@db/x`],
  ["password=hunter2 and more", `password=${REDACTED} and more`],
  ['{"api_key": "abc123"}', `{"api_key": "${REDACTED}"}`],
  ["export DB_PASSWORD=hunter2", `export DB_PASSWORD=${REDACTED}`],
  ["a sk-abcdefghijklmnop1234 and a Bearer abcdefgh12", `a ${REDACTED} and a ${REDACTED}`],
  ["x://:p@h and x://a:b:c@h", `x://:${REDACTED}@h and x://a:${REDACTED}@h`],
  ["paid with 4111 1111 1111 1111.", `paid with ${REDACTED}.`],
  ["-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----", REDACTED],
])("a secret inside of a text is taken out of it: %s", (text, kept) => {
  expect(redact({ output: [text] })).toEqual({ output: [kept] });
});

test.each([
  "The order 4111111111111112 is a number, and no card.",
  "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
  "a-long-id-with-dashes-1234-5678",
  "see https://example.com/path:80/x and 2026-11-30T14:00:00.000Z",
  "3f2504e0-4f89-41d3-9a0c-0305e82c3301:1:17",
])("what holds no secret stays as it is: %s", (text) => {
  expect(redact({ text })).toEqual({ text });
});

test("what else is to be taken out is named by field and by pattern", () => {
  const own = createRedact({ fields: ["customerName"], patterns: [/\b[\w.]+@[\w.]+\b/] });
  expect(
    own({ customer_name: "Ann", text: "mail ann@example.com or bob@example.com", password: "x" }),
  ).toEqual({
    customer_name: REDACTED,
    text: `mail ${REDACTED} or ${REDACTED}`,
    password: REDACTED,
  });
});

test("a key named __proto__ is data like any other", () => {
  const value: unknown = JSON.parse('{"__proto__":{"password":"x"}}');
  expect(JSON.stringify(redact(Object(value)))).toBe(`{"__proto__":{"password":"${REDACTED}"}}`);
});

test("a long text without a secret is read in a moment", () => {
  const texts = [
    "a".repeat(200_000),
    "-".repeat(200_000),
    "1 ".repeat(100_000),
    "://".repeat(60_000),
    "password".repeat(25_000),
    "eyJ".repeat(60_000),
    `://a:${"b".repeat(200_000)}`,
    "password=".repeat(25_000),
    "-----BEGIN PRIVATE KEY".repeat(10_000),
  ];
  const begun = performance.now();
  for (const text of texts) {
    redact({ text });
  }
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test("what holds no secret is not copied, at any depth", () => {
  const clean = { words: ["plain"], deep: { also: "plain" } };
  const mixed = { clean, password: "x" };
  expect(redact(clean)).toBe(clean);
  expect(Reflect.get(redact(mixed), "clean")).toBe(clean);
  expect(mixed.password).toBe("x");
});
