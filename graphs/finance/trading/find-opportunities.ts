import { barsOf, latestBar, type PriceTable } from "../prices/price-table.js";
import type { Opportunity, StrategyName } from "./opportunity.js";
import { STRATEGIES } from "./strategies.js";
import type { StrategySettings } from "./strategy-settings.js";

/** What strategies found, the strongest first, and why the other symbols were left out. */
export interface Findings {
  readonly opportunities: Opportunity[];
  readonly leftOut: { readonly symbol: string; readonly reason: string }[];
}

/** Asks each strategy about each symbol. Strategies that contradict each other are no opportunity. */
export function findOpportunities(
  table: PriceTable,
  symbols: readonly string[],
  names: readonly StrategyName[],
  settings: StrategySettings,
): Findings {
  const found: (Opportunity & { readonly agreeing: number })[] = [];
  const leftOut: { symbol: string; reason: string }[] = [];
  for (const symbol of symbols) {
    const verdicts = names.map((name) => ({ name, ...STRATEGIES[name](barsOf(table, symbol), settings) }));
    const spoken = verdicts.filter(({ side }) => side !== undefined);
    const [first] = spoken;
    if (first?.side === undefined) {
      leftOut.push({ symbol, reason: verdicts.map(({ name, reason }) => `${name}: ${reason}`).join("; ") });
    } else if (spoken.some(({ side }) => side !== first.side)) {
      const said = spoken.map(({ name, side, reason }) => `${name} says ${side} (${reason})`).join("; ");
      leftOut.push({ symbol, reason: `the strategies contradict each other: ${said}` });
    } else {
      const { close, date } = latestBar(table, symbol);
      found.push({
        symbol,
        side: first.side,
        close,
        date,
        strength: round(Math.max(...spoken.map(({ strength }) => strength))),
        reasons: spoken.map(({ name, reason }) => `${name}: ${reason}`),
        agreeing: spoken.length,
      });
    }
  }
  found.sort((a, b) => b.agreeing - a.agreeing || (b.strength ?? 0) - (a.strength ?? 0));
  return { opportunities: found.map(({ agreeing: _, ...opportunity }) => opportunity), leftOut };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
