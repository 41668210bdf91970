import type { Report } from "./report.js";

const MARGIN = 40;
const TEXT_SIZE = 10;
const TABLE_SIZE = 8;

/** A report as a PDF, on A4, in the fonts that every reader has. */
export async function toPdf({ title, sections }: Report): Promise<Buffer> {
  const PdfDocument = await loadPdfkit();
  const document = new PdfDocument({ size: "A4", margin: MARGIN, info: { Title: title } });
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    document.on("data", (chunk: Buffer) => chunks.push(chunk));
    document.on("end", () => resolve(Buffer.concat(chunks)));
    document.on("error", reject);
  });
  document.font("Helvetica-Bold").fontSize(18).text(toWinAnsi(title));
  for (const { heading, lines, table } of sections) {
    document.moveDown().font("Helvetica-Bold").fontSize(13).text(toWinAnsi(heading), MARGIN);
    document.font("Helvetica").fontSize(TEXT_SIZE);
    for (const line of lines) {
      document.text(toWinAnsi(line), MARGIN).moveDown(0.3);
    }
    if (table === undefined) {
      continue;
    }
    document.fontSize(TABLE_SIZE).moveDown(0.3);
    const data = [table.columns, ...table.rows].map((cells) => cells.map(toWinAnsi));
    document.table({ data, position: { x: MARGIN } });
  }
  document.end();
  return whole;
}

async function loadPdfkit() {
  try {
    const { default: PdfDocument } = await import("pdfkit");
    if ("table" in PdfDocument.prototype) {
      return PdfDocument;
    }
  } catch (cause) {
    throw pdfkitMissing("cannot be loaded", { cause });
  }
  throw pdfkitMissing("is installed in a version without tables");
}

function pdfkitMissing(what: string, options?: ErrorOptions): Error {
  return new Error(
    `A PDF needs pdfkit, which ${what}. Install it (npm install pdfkit@0.20.2), or ask for Markdown only.`,
    options,
  );
}

/** The text in the letters that the built-in fonts have; others would come out as different ones. */
function toWinAnsi(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replaceAll("≤", "<=")
    .replaceAll("≥", ">=")
    .replace(/[^\x20-\x7e\xa0-\xff€‚ƒ„…†‡‰Š‹ŒŽ‘’“”•–—™š›œžŸ]/gu, "?");
}
