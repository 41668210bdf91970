import type { PastStep } from "langgraph-plan-execute";
import { z } from "zod";
import type { PastWork } from "./past-work.js";
import { indicatorRowSchema } from "./tools/compute-indicators.js";
import { accountSchema } from "./tools/read-account.js";
import { toPercent } from "./trading/judge-order.js";
import { opportunitySchema, orderSchema } from "./trading/opportunity.js";

const reason = z.object({ symbol: z.string(), reason: z.string() });
const foundSchema = z.object({ opportunities: z.array(opportunitySchema), leftOut: z.array(reason) });
const riskSchema = z.object({
  limits: z.object({ maxPosition: z.number(), riskLimit: z.number() }),
  orders: z.array(orderSchema),
  cut: z.array(reason.extend({ wanted: z.number(), quantity: z.number() })),
  refused: z.array(reason.extend({ side: z.string() })),
});

/** What was done, found and not done, as the person who asked reads it. */
export function summarize(work: PastWork, notes: readonly string[]): string {
  const parts = [
    part(
      work.done("compute_indicators"),
      z.object({ indicators: z.array(indicatorRowSchema) }),
      ({ indicators }) => [
        "Indicators:",
        ...indicators.map(({ symbol, date, close, values }) => {
          const named = Object.entries(values).map(
            ([name, value]) => `${name} ${value?.toFixed(2) ?? "unknown (too few days)"}`,
          );
          return `- ${symbol} (${close} on ${date}): ${named.join(", ")}`;
        }),
      ],
    ),
    part(work.done("find_opportunities"), foundSchema, ({ opportunities, leftOut }) => [
      opportunities.length === 0 ? "There are no opportunities." : "Opportunities:",
      ...opportunities.map(
        ({ symbol, side, close, reasons }) => `- ${side} ${symbol} at ${close}: ${reasons.join("; ")}`,
      ),
      ...leftOut.map(({ symbol, reason: why }) => `- not ${symbol}: ${why}`),
    ]),
    part(work.done("check_risk"), riskSchema, ({ limits, cut, refused }) => [
      `Limits: maxPosition ${toPercent(limits.maxPosition)}, riskLimit ${toPercent(limits.riskLimit)} of the equity.`,
      ...cut.map(
        ({ symbol, wanted, quantity, reason: why }) =>
          `- ${symbol}: cut from ${wanted} to ${quantity}, since ${why}`,
      ),
      ...refused.map(({ symbol, side, reason: why }) => `- ${symbol}: no order to ${side}, since ${why}`),
    ]),
    orders(work),
    part(work.done("read_account"), accountSchema, ({ cash, equity, positions }) => [
      `The paper account has ${cash} in cash and an equity of ${equity}.`,
      ...positions.map(
        ({ symbol, quantity, value, share }) => `- ${quantity} ${symbol}: ${value} (${toPercent(share)})`,
      ),
    ]),
    notes.join("\n"),
  ];
  const text = parts.filter((lines) => lines !== "").join("\n\n");
  if (text !== "") {
    return text;
  }
  const loaded = work.done("load_prices")?.output;
  return loaded === undefined
    ? "Nothing was done."
    : `The prices: ${typeof loaded === "string" ? loaded : JSON.stringify(loaded)}`;
}

function orders(work: PastWork): string {
  if (work.done("check_risk") === undefined) {
    return "";
  }
  const { placed } = work;
  if (placed.length === 0) {
    return "No order was placed.";
  }
  const lines = placed.map(
    ({ order, side, quantity, symbol, price, value }) =>
      `- ${order}: ${side} ${quantity} ${symbol} at ${price}, ${value} in all`,
  );
  const cash = placed.at(-1)?.cashAfter;
  return ["Orders placed:", ...lines, `Cash after the last of them: ${cash}.`].join("\n");
}

/** A step's output in words; one that was cut for the prompt is shown as it is. */
function part<T>(step: PastStep | undefined, schema: z.ZodType<T>, toLines: (output: T) => string[]): string {
  if (step?.output === undefined) {
    return "";
  }
  const parsed = schema.safeParse(step.output);
  if (parsed.success) {
    return toLines(parsed.data).join("\n");
  }
  return `${step.description}: ${typeof step.output === "string" ? step.output : JSON.stringify(step.output)}`;
}
