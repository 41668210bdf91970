import { randomUUID } from "node:crypto";
import { isBaseMessage } from "@langchain/core/messages";
import type { Requester } from "langgraph-plan-execute";
import { z } from "zod";
import { type Workspace, workspaceFor } from "../../shared/folders.js";
import type { PriceFolder } from "../prices/price-folder.js";
import { assertSamePrices, barsOf, type PriceTable } from "../prices/price-table.js";
import type { OrderKey } from "../trading/ledger.js";
import { limitsOfTurn, type RiskLimits } from "../trading/limits.js";

/** What the tools of the graph share. */
export interface SharedDesk {
  readonly prices: PriceFolder;
  /** The folder of the ledger and the reports. */
  readonly workspace: Workspace;
  /** What a new ledger begins with. */
  readonly cash: number;
  /** The limits that the graph was built with: words make them tighter only. */
  readonly limits: RiskLimits;
}

/** The same for one requester, whose folder is known. */
export type Desk = SharedDesk & { readonly workspace: string };

/** The desk of one requester. */
export function deskFor(desk: SharedDesk, requester: Pick<Requester, "userId">): Desk {
  return { ...desk, workspace: workspaceFor(desk.workspace, requester) };
}

/** The arguments that say which prices are meant. */
export const PRICES_SHAPE = {
  file: z.string().optional().describe("The price file, as the person named it; left out: the usual one."),
  version: z
    .string()
    .optional()
    .describe("The version that load_prices gave: where the prices are other ones by now, it fails."),
};

/** The arguments that say which symbols are meant. */
export const SYMBOLS_SHAPE = {
  symbols: z.array(z.string()).optional().describe("Only these symbols; left out: all."),
};

/** The prices that are meant; throws where they are not those of the version any more. */
export async function readPrices(
  { prices }: SharedDesk,
  { file, version }: { readonly file?: string; readonly version?: string },
): Promise<PriceTable> {
  const table = await prices.read(file);
  if (version !== undefined) {
    assertSamePrices(table, version);
  }
  return table;
}

/** The symbols that are meant; throws where the file does not have one. */
export function pickSymbols(table: PriceTable, symbols: readonly string[] | undefined): string[] {
  if (symbols === undefined || symbols.length === 0) {
    return [...table.series.keys()];
  }
  for (const symbol of symbols) {
    barsOf(table, symbol);
  }
  return [...new Set(symbols)];
}

const runtimeSchema = z.object({
  toolCallId: z.string().optional().catch(undefined),
  configurable: z.object({ idempotency_key: z.string().optional() }).optional().catch(undefined),
  state: z
    .object({
      turn: z.object({ goal: z.string() }).nullable().catch(null),
      messages: z.array(z.unknown()).catch([]),
    })
    .optional()
    .catch(undefined),
});

/** The key under which a call has its effect once, and the turn that it belongs to. */
export function keyOf(runtime: unknown): OrderKey {
  const facts = runtimeSchema.parse(runtime);
  const key = facts.configurable?.idempotency_key ?? facts.toolCallId ?? randomUUID();
  return { key, turn: key.split(":", 1)[0] ?? key };
}

/** The limits that hold for a call: the graph's, and what the person who is served has said. */
export function limitsFor({ limits }: SharedDesk, runtime: unknown): RiskLimits {
  const { state } = runtimeSchema.parse(runtime);
  if (state === undefined) {
    return limits;
  }
  const earlier = state.messages.filter(isBaseMessage).filter((message) => message.getType() === "human");
  return limitsOfTurn(limits, [state.turn?.goal ?? "", ...earlier.map(({ text }) => text).reverse()]);
}
