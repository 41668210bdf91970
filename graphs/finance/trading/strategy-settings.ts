import { z } from "zod";

const period = (standard: number, what: string) =>
  z.int().min(2).max(500).default(standard).describe(`${what}, in days of prices.`);

/** What the strategies and indicators can be set to; the usual figures where nothing is said. */
export const SETTINGS_SHAPE = {
  rsiPeriod: period(14, "The RSI's period"),
  oversold: z.number().min(0).max(100).default(30).describe("An RSI below this says buy."),
  overbought: z.number().min(0).max(100).default(70).describe("An RSI above this says sell."),
  macdFast: period(12, "The MACD's fast period"),
  macdSlow: period(26, "The MACD's slow period"),
  macdSignal: period(9, "The period of the MACD's signal"),
  averageFast: period(20, "The short moving average's period"),
  averageSlow: period(50, "The long moving average's period"),
  within: z.int().min(1).max(100).default(5).describe("How many days ago a crossing may be."),
};

const settingsSchema = z
  .object(SETTINGS_SHAPE)
  .refine(({ macdFast, macdSlow }) => macdFast < macdSlow, "macdFast must be shorter than macdSlow.")
  .refine(
    ({ averageFast, averageSlow }) => averageFast < averageSlow,
    "averageFast must be shorter than averageSlow.",
  )
  .refine(({ oversold, overbought }) => oversold < overbought, "oversold must be below overbought.");

/** What the strategies and indicators are set to. */
export type StrategySettings = z.infer<typeof settingsSchema>;

/** The settings among a tool's arguments; throws where they contradict each other. */
export function readSettings(given: unknown): StrategySettings {
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) {
    return parsed.data;
  }
  throw new Error(parsed.error.issues.map(({ message }) => message).join(" "));
}
