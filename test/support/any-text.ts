import fc from "fast-check";

const SURROGATES = 0x800;
const FIRST_SURROGATE = 0xd800;

/** Texts of all characters that there are. fast-check's own (`unit: "binary"`) take a second to be prepared. */
export function anyText(lengths: fc.ArrayConstraints = {}): fc.Arbitrary<string> {
  return fc
    .array(fc.nat(0x10ffff - SURROGATES), lengths)
    .map((numbers) =>
      numbers.map((n) => String.fromCodePoint(n < FIRST_SURROGATE ? n : n + SURROGATES)).join(""),
    );
}
