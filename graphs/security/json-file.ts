/** How a JSON file is laid out. */
export interface JsonFormat {
  readonly indent: string;
  readonly end: string;
}

/** Reads JSON and how it is laid out; throws an error that names the file. */
export function fromJson(
  text: string,
  file: string,
): { readonly value: unknown; readonly format: JsonFormat } {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    const indent = /^\s*[{[]\r?\n([ \t]+)/.exec(text)?.[1] ?? "  ";
    return { value, format: { indent, end: text.endsWith("\n") ? "\n" : "" } };
  } catch (cause) {
    throw new Error(`${file} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** The text of a JSON file in a layout. */
export function toJsonText(value: unknown, { indent, end }: JsonFormat): string {
  return `${JSON.stringify(value, null, indent)}${end}`;
}
