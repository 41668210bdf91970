/** Binary data in JSON form. */
export interface BinaryJson {
  readonly type: "base64";
  /** Size of the original in bytes. */
  readonly bytes: number;
  /** How many of those bytes `data` holds; left out if it holds all of them. */
  readonly kept?: number;
  readonly data: string;
}

/**
 * Converts a buffer, typed array or array buffer to base64 of at most `maxBytes` characters. Returns
 * undefined for any other object.
 */
export function binaryToJson(
  value: object,
  maxBytes: number,
): { value: BinaryJson; truncated: boolean } | undefined {
  const bytes = viewBytes(value);
  if (bytes === undefined) {
    return undefined;
  }
  // Keep whole groups of three bytes, so that what is left still decodes.
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
