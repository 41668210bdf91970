import { z } from "zod";

/** The limits that every order has to keep. */
export interface RiskLimits {
  /** The largest share of the account's equity that may stand in one symbol after an order. */
  readonly maxPosition: number;
  /** The largest share of the account's equity that the position in one symbol may lose in a fall of two average true ranges. */
  readonly riskLimit: number;
}

const shareSchema = z.number().gt(0).max(1);
const limitsSchema = z.object({
  maxPosition: shareSchema.default(0.2),
  riskLimit: shareSchema.default(0.02),
});

/** The limits that a graph is built with; throws where one is no share above 0 and up to 1. */
export function readLimits(given: Partial<RiskLimits>): RiskLimits {
  const parsed = limitsSchema.safeParse({ maxPosition: given.maxPosition, riskLimit: given.riskLimit });
  if (parsed.success) {
    return parsed.data;
  }
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  throw new TypeError(`The limits of the finance graph are shares of the equity, such as 0.2: ${problems}.`);
}

const NUMBER = String.raw`(\d+(?:\.\d+)?|\.\d+)\s*(%|percent|per cent)?`;
/** What is no count of something else: with a percent sign, or below one. */
const SHARE = String.raw`(?=\d+(?:\.\d+)?\s*(?:%|per)|0?\.\d)${NUMBER}`;
const MOST = String.raw`(?:at most|no more than|not more than|never more than|up to|a maximum of|max(?:imum)?(?: of)?|under|below|within|<=|≤)\s*`;
const IS = String.raw`["'\x60]?\s*(?:[:=]|of|is|to|at|be)?\s*(?:${MOST})?`;
const PART = "(?:position|symbol|stock|share|ticker|instrument|trade|order)s?";
const ONE = String.raw`(?:any one|any single|a single|one|any|each|every|a|an|single)?\s*${PART}`;
const OF = String.raw`(?:\s*of\s+(?:the |my |our )?(?:portfolio|equity|account|capital|money|funds))?`;

const POSITION = [
  String.raw`max(?:imum)?[\s_-]*position(?:\s*size)?${IS}${NUMBER}`,
  String.raw`position[\s_-]*(?:limit|size)(?:\s+limit)?${IS}${NUMBER}`,
  `positions?${IS}${SHARE}`,
  String.raw`positions?\s+(?:above|over|(?:larger|bigger|greater|more) than|exceed(?:s|ing)?)\s*${SHARE}`,
  String.raw`(?<!\brisk(?:ing)?\s+)\b${MOST}${SHARE}${OF}\s*(?:in|per|for)\s+${ONE}`,
].map((pattern) => new RegExp(pattern, "gi"));
const RISK = [
  String.raw`risk[\s_-]*limit${IS}${NUMBER}`,
  String.raw`max(?:imum)?[\s_-]*risk(?:\s+(?:per|in|on|for)\s+${ONE})?${IS}${NUMBER}`,
  String.raw`\brisk(?:ing)?(?:\s+(?:per|in|on|for)\s+${ONE})?${IS}(?:only\s+)?${SHARE}`,
  String.raw`${SHARE}${OF}\s*(?:at\s+)?risk\b`,
].map((pattern) => new RegExp(pattern, "gi"));

/**
 * The limits that a text states: "maxPosition 10%", "at most 10 % in one position", "riskLimit 0.01", "risk at most
 * 1 %". Without a percent sign a number below 1 is a share, and one from 1 a percentage. Of several the tightest.
 */
export function limitsIn(text: string): Partial<RiskLimits> {
  const maxPosition = tightest(text, POSITION);
  const riskLimit = tightest(text, RISK);
  return {
    ...(maxPosition === undefined ? {} : { maxPosition }),
    ...(riskLimit === undefined ? {} : { riskLimit }),
  };
}

function tightest(text: string, patterns: readonly RegExp[]): number | undefined {
  const shares = patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, number = "", percent]) => {
      const value = Number(number);
      return percent !== undefined || value >= 1 ? value / 100 : value;
    }),
  );
  return shares.length === 0 ? undefined : Math.min(...shares);
}

/**
 * The limits of a turn: what the graph was built with, made tighter, never wider, by the person's words: those of the
 * goal, else those of the newest message before it that has any.
 */
export function limitsOfTurn(built: RiskLimits, said: readonly string[]): RiskLimits {
  const stated = said.map(limitsIn);
  const tighter = (limit: keyof RiskLimits): number =>
    Math.min(built[limit], stated.find((limits) => limits[limit] !== undefined)?.[limit] ?? built[limit]);
  return { maxPosition: tighter("maxPosition"), riskLimit: tighter("riskLimit") };
}
