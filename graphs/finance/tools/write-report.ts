import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { requesterOf } from "langgraph-plan-execute";
import { z } from "zod";
import { makePrivateFolder, replaceFile } from "../../shared/private-files.js";
import { composeReport } from "../report/compose-report.js";
import { toMarkdown } from "../report/to-markdown.js";
import { toPdf } from "../report/to-pdf.js";
import { withLedger } from "../trading/ledger.js";
import { opportunitySchema, orderSchema } from "../trading/opportunity.js";
import { indicatorRowSchema } from "./compute-indicators.js";
import { deskFor, keyOf, limitsFor, PRICES_SHAPE, type SharedDesk } from "./desk.js";

const reasonSchema = z.object({ symbol: z.string(), reason: z.string() });
const schema = z.object({
  file: PRICES_SHAPE.file,
  version: z.string().describe("The version of the prices that the work rests on."),
  indicators: z.array(indicatorRowSchema).optional().describe("What compute_indicators gave."),
  opportunities: z.array(opportunitySchema).optional().describe("What find_opportunities gave."),
  leftOut: z.array(reasonSchema).optional().describe("What find_opportunities left out."),
  risk: z
    .object({
      orders: z.array(orderSchema),
      cut: z.array(reasonSchema.extend({ wanted: z.number(), quantity: z.number() })),
      refused: z.array(reasonSchema.extend({ side: z.string() })),
    })
    .optional()
    .describe("What check_risk gave."),
  notes: z.array(z.string()).optional().describe("What else the reader should know, a sentence each."),
  formats: z
    .array(z.enum(["markdown", "pdf"]))
    .min(1)
    .default(["markdown", "pdf"]),
  name: z
    .string()
    .regex(/^[\w][\w.-]*$/)
    .optional()
    .describe("The files' name without its ending; left out: one of this turn."),
});

/** A tool that writes the report; its output is the report in short, with the paths of the files. */
export function createReportTool(desk: SharedDesk) {
  return tool(
    async (
      { file, version, indicators, opportunities, leftOut, risk, notes = [], formats, name },
      runtime,
    ) => {
      const { turn } = keyOf(runtime);
      const own = deskFor(desk, requesterOf(runtime));
      const table = await desk.prices.read(file);
      const { account, placed } = await withLedger(own, (ledger) => ({
        account: ledger.account(),
        placed: ledger.ordersOf(turn),
      }));
      const facts = {
        table,
        version,
        limits: limitsFor(desk, runtime),
        account,
        placed,
        opportunities,
        leftOut,
        proposed: risk?.orders,
        cut: risk?.cut,
        refused: risk?.refused,
        notes,
      };
      const report = composeReport({ ...facts, indicators });
      const folder = join(own.workspace, "reports");
      makePrivateFolder(folder);
      const path = (ending: string) => join(folder, `${name ?? `report-${turn.slice(0, 8)}`}.${ending}`);
      const files: string[] = [];
      const write = (ending: string, content: string | Buffer) => {
        replaceFile(path(ending), content);
        files.push(path(ending));
      };
      if (formats.includes("markdown")) {
        write("md", toMarkdown(report));
      }
      if (formats.includes("pdf")) {
        write("pdf", await toPdf(report));
      }
      return `${toMarkdown(composeReport(facts))}\nReport: ${files.join(", ")}`;
    },
    {
      name: "write_report",
      description:
        "Writes the report as Markdown and PDF, with the orders that the ledger has of this turn and the account as it is now. Gives the report in short: it is the answer to the person.",
      schema,
      metadata: { output: "text" },
    },
  );
}
