import { limitsIn, type RiskLimits } from "../trading/limits.js";
import type { Opportunity, StrategyName } from "../trading/opportunity.js";
import type { StrategySettings } from "../trading/strategy-settings.js";
import { readGoalSettings } from "./read-settings.js";
import { readNamedOrders, readQuantity, readSides, wantsOrders } from "./read-wanted-orders.js";

/** What a goal asks for, as the playbook reads it. */
export interface FinanceGoal {
  readonly file?: string;
  readonly symbols?: readonly string[];
  readonly strategies: readonly StrategyName[];
  /** A strategy that the goal names and nobody knows. */
  readonly unknownStrategy?: string;
  readonly settings: Partial<StrategySettings>;
  readonly limits: Partial<RiskLimits>;
  readonly wants: {
    readonly indicators: boolean;
    readonly opportunities: boolean;
    readonly orders: boolean;
    readonly account: boolean;
    readonly report: boolean;
  };
  /** Orders that the goal names itself. */
  readonly named: readonly Opportunity[];
  readonly quantity?: number;
  readonly sides?: readonly ("buy" | "sell")[];
  readonly formats: readonly ("markdown" | "pdf")[];
  readonly reportName?: string;
}

const IS_FINANCE =
  /\b(?:rsi|macd|[se]ma|moving averages?|crossovers?|golden cross|death cross|indicators?|trad(?:e|es|ing)|stocks?|tickers?|portfolio|paper (?:account|ledger)|invest\w*|opportunit(?:y|ies)|maxPosition|riskLimit)\b|\b(?:place|submit)\b[^.;]*\borders?\b|\b(?:buy|sell)\b|\b(?:analy[sz]e|load|check|report on)\b[^.;]*\bprices\b|\bprices\.csv\b/i;

/** Whether a goal is one of this field's. */
export function isFinanceGoal(goal: string): boolean {
  return IS_FINANCE.test(goal);
}

/** Reads a goal in plain words; what it leaves open is taken from the goals before it on the thread, the newest first. */
export function readGoal(goal: string, earlier: readonly string[] = []): FinanceGoal {
  const texts = [goal, ...earlier];
  const first = <T>(read: (text: string) => T | undefined): T | undefined =>
    texts.map(read).find((found) => found !== undefined);
  const named = readNamedOrders(goal);
  const orders = wantsOrders(goal);
  const report = /\breports?\b|\bpdf\b|\bmarkdown\b|\.md\b|\bwrite[- ]?up\b/i.test(goal);
  const indicators =
    /\bindicators?\b|\banaly[sz]\w*\b|\bwork out\b|\bcompute\b|\bcalculate\b/i.test(goal) ||
    namesIndicators(goal);
  const isAboutSignals =
    named.length === 0 &&
    (orders ||
      /\bopportunit|\bsignals?\b|\bstrateg|\bbuy\b|\bsell\b|\bcandidates?\b|\bcrossover\b/i.test(goal));
  const account = /\b(?:account|portfolio|holdings?|cash|hold)\b/i.test(goal) && !orders;
  const isOpen = !orders && !indicators && !isAboutSignals && !account;
  const found = first(readStrategies);
  return {
    file: first((text) => /[\w][\w./-]*\.csv\b/i.exec(text)?.[0]),
    symbols: first(readSymbols),
    strategies: found?.known.length ? found.known : ["rsi", "macd", "crossover"],
    unknownStrategy: found?.unknown,
    settings: Object.assign({}, ...texts.map(readGoalSettings).reverse()),
    limits: limitsIn(goal),
    wants: {
      indicators: indicators || report || isOpen,
      opportunities: isAboutSignals || (isOpen && report) || (report && named.length === 0 && !account),
      orders,
      account,
      report,
    },
    named,
    quantity: readQuantity(goal),
    sides: readSides(goal),
    formats: readFormats(goal),
    reportName: /\b([\w][\w-]*)\.(?:pdf|md)\b/i.exec(goal)?.[1],
  };
}

function namesIndicators(goal: string): boolean {
  return /\brsi\b|\bmacd\b|\bmoving averages?\b|\b[se]ma\b/i.test(goal);
}

function readFormats(goal: string): ("markdown" | "pdf")[] {
  const formats = [
    ...(/\bmarkdown\b|\.md\b/i.test(goal) ? ["markdown" as const] : []),
    ...(/\bpdf\b/i.test(goal) ? ["pdf" as const] : []),
  ];
  return formats.length === 0 ? ["markdown", "pdf"] : formats;
}

const STRATEGY_WORDS: readonly (readonly [StrategyName, RegExp])[] = [
  ["rsi", /\brsi\b|\brelative strength\b|\bmean[- ]reversion\b/i],
  ["macd", /\bmacd\b/i],
  ["crossover", /\bcross-?overs?\b|\bmoving[- ]averages?\b|\bgolden[- ]cross\b|\b[se]ma\b/i],
];
const NO_STRATEGY =
  /^(?:a|an|the|this|that|your|any|each|every|all|both|one|two|by|with|named?|trading|given|same|following|and|of|best|good|several)$/i;

/** The strategies that a text names: those beside the word, else those that it speaks of; undefined for none. */
function readStrategies(
  text: string,
): { readonly known: StrategyName[]; readonly unknown?: string } | undefined {
  const beside = [
    ...[
      ...text.matchAll(
        /((?:[\w-]+(?:,\s*|\s+and\s+|\s+or\s+|\s+))?(?:[\w-]+\s+)?[\w-]+)\s+strateg(?:y|ies)\b/gi,
      ),
    ].map(([, words = ""]) => words),
    ...[
      ...text.matchAll(
        /\bstrateg(?:y|ies)\b\s*(?::|=|named|called)\s*([\w-]+(?:(?:,\s*|\s+and\s+)[\w-]+)*)/gi,
      ),
    ].map(([, words = ""]) => words),
  ].join(", ");
  const knownBeside = knownIn(beside);
  if (knownBeside.length > 0) {
    return { known: knownBeside };
  }
  const word = beside
    .split(/[\s,]+/)
    .filter((part) => part !== "" && !NO_STRATEGY.test(part))
    .at(-1);
  const known = knownIn(text);
  if (known.length > 0) {
    return { known };
  }
  return word === undefined ? undefined : { known: [], unknown: word };
}

function knownIn(text: string): StrategyName[] {
  return STRATEGY_WORDS.filter(([, words]) => words.test(text)).map(([name]) => name);
}

const NO_SYMBOLS = /^(?:RSI|MACD|SMA|EMA|ATR|PDF|CSV|SQLITE|MARKDOWN|MD|I|A|US|USD|EUR|GBP|JSON|AND|OR)$/;

/** The symbols that a text names after words such as "for" or "only": capital letters that are no indicator's name. */
function readSymbols(text: string): string[] | undefined {
  const lists = text.matchAll(
    /\b(?:for|of|on|only|symbols?|tickers?|stocks?|[Aa]naly[sz]e|in|about|buy|sell)\s*:?\s+([A-Z][A-Z0-9.]{0,9}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)[A-Z][A-Z0-9.]{0,9})*)\b/g,
  );
  const symbols = [...lists]
    .flatMap(([, list = ""]) => list.split(/\s*,\s*|\s+|&/))
    .map((symbol) => symbol.replace(/\.+$/, ""))
    .filter((symbol) => /^[A-Z]/.test(symbol) && !NO_SYMBOLS.test(symbol));
  return symbols.length === 0 ? undefined : [...new Set(symbols)];
}
