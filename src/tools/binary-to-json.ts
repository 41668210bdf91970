/** Bytes as JSON. */
export interface BinaryJson {
  readonly type: "base64";
  /** How many bytes there were. */
  readonly bytes: number;
  /** How many of them are in `data`, where not all are. */
  readonly kept?: number;
  readonly data: string;
}

/** A buffer, a typed array or an array buffer as base64 of at most `maxBytes` characters; undefined: it is none. */
export function binaryToJson(
  value: object,
  maxBytes: number,
): { value: BinaryJson; truncated: boolean } | undefined {
  const bytes = viewBytes(value);
  if (bytes === undefined) {
    return undefined;
  }
  // Whole groups of three, so that what is kept can be decoded.
  const room = Math.floor(maxBytes / 4) * 3;
  const truncated = bytes.length > room;
  const kept = truncated ? bytes.subarray(0, room) : bytes;
  const data = kept.toString("base64");
  const size = truncated ? { bytes: bytes.length, kept: kept.length } : { bytes: bytes.length };
  return { value: { type: "base64", ...size, data }, truncated };
}

function viewBytes(value: object): Buffer | undefined {
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    return Buffer.from(value);
  }
  return undefined;
}
