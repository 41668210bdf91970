import { inflateSync } from "node:zlib";

/** The text of a PDF of ours, a line for each piece that was drawn: its streams inflated, its hex strings decoded. */
export function readPdfText(pdf: Buffer): string {
  const raw = pdf.toString("latin1");
  const streams = [...raw.matchAll(/<<([^>]*?)>>\s*stream\r?\n/gs)].map((match) => {
    const length = Number(/\/Length (\d+)/.exec(match[1] ?? "")?.[1]);
    const begin = match.index + match[0].length;
    const bytes = pdf.subarray(begin, begin + length);
    return match[1]?.includes("FlateDecode")
      ? inflateSync(bytes).toString("latin1")
      : bytes.toString("latin1");
  });
  const lines = [...streams.join("\n").matchAll(/\[([^\]]*)\] TJ/g)].map(([, pieces = ""]) =>
    [...pieces.matchAll(/<([0-9a-f]+)>/gi)]
      .map(([, hex = ""]) => Buffer.from(hex, "hex").toString("latin1"))
      .join(""),
  );
  return `${lines.join("\n")}\n`;
}
