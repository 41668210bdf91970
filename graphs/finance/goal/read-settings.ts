import type { StrategySettings } from "../trading/strategy-settings.js";

const RSI_PERIOD =
  /\bRSI\s*\(\s*(\d+)|\bRSI\s+(\d+)\b|\b(\d+)[- ]days?\s+RSI|\bRSI\b[^.;]{0,20}?\bperiods?\s+(?:of\s+)?(\d+)/i;
const OVERSOLD =
  /\boversold\s+(?:at|below|under|is|of|=|:|<)*\s*(\d+)|\bRSI\b[^.;]{0,40}?(?:below|under|less than|<)\s*(\d+)/i;
const OVERBOUGHT =
  /\boverbought\s+(?:at|above|over|is|of|=|:|>)*\s*(\d+)|\bRSI\b[^.;]{0,60}?(?:above|over|more than|>)\s*(\d+)/i;
const MACD = /\bMACD\s*\(?\s*(\d+)\s*[,/]\s*(\d+)(?:\s*[,/]\s*(\d+))?/i;
const AVERAGES = [
  /\b[SE]MA\s*\(?\s*(\d+)\)?\s*(?:,|and|\/|over|with|against|crosses|crossing)+\s*[SE]MA\s*\(?\s*(\d+)/i,
  /\b(\d+)(?:[- ]days?)?\s*(?:,|and|\/|over|against)\s*(?:the\s+)?(\d+)(?:[- ]days?)?\s*(?:SMA|EMA|(?:simple |exponential )?(?:moving )?averages?|crossover)/i,
  /\b(?:SMA|EMA|averages?|crossover)s?\s*(?:of\s*|\(\s*)?(\d+)(?:[- ]days?)?\s*(?:,|and|\/|over)\s*(\d+)/i,
];
const WITHIN = /\bwithin\s+(?:the\s+)?(?:last\s+|past\s+)?(\d+)\s+(?:trading\s+)?days\b/i;

/** The periods and thresholds that a goal names; what it does not name is left out. */
export function readGoalSettings(goal: string): Partial<StrategySettings> {
  const macd = numbersOf(MACD.exec(goal));
  const averages = AVERAGES.map((pattern) => numbersOf(pattern.exec(goal))).find(
    ({ length }) => length === 2,
  );
  const [averageFast, averageSlow] = (averages ?? []).toSorted((a, b) => a - b);
  const named = {
    rsiPeriod: numbersOf(RSI_PERIOD.exec(goal))[0],
    oversold: numbersOf(OVERSOLD.exec(goal))[0],
    overbought: numbersOf(OVERBOUGHT.exec(goal))[0],
    macdFast: macd[0],
    macdSlow: macd[1],
    macdSignal: macd[2],
    averageFast,
    averageSlow,
    within: numbersOf(WITHIN.exec(goal))[0],
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function numbersOf(match: RegExpExecArray | null): number[] {
  return (match ?? [])
    .slice(1)
    .filter((text) => text !== undefined)
    .map(Number);
}
