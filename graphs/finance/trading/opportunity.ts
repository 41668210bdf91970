import { z } from "zod";

/** Buying or selling. */
export const sideSchema = z.enum(["buy", "sell"]).describe("buy or sell");
/** Buying or selling. */
export type Side = z.infer<typeof sideSchema>;

/** The strategies that there are. */
export const strategySchema = z.enum(["rsi", "macd", "crossover"]);
/** The name of a strategy. */
export type StrategyName = z.infer<typeof strategySchema>;

/** What a strategy found, or what a person wants, and why. */
export const opportunitySchema = z.object({
  symbol: z.string(),
  side: sideSchema,
  quantity: z.int().min(1).optional().describe("How many shares, where the person said it."),
  close: z.number().optional().describe("The latest close."),
  date: z.string().optional().describe("The day of that close."),
  strength: z.number().optional().describe("How strong the signal is: the larger, the sooner it gets cash."),
  reasons: z.array(z.string()),
});
/** What a strategy found, or what a person wants, and why. */
export type Opportunity = z.infer<typeof opportunitySchema>;

/** An order, with the quote that it was made with. */
export const orderSchema = z.object({
  symbol: z.string().describe("The symbol as the price file has it."),
  side: sideSchema,
  quantity: z.int().min(1).describe("Whole shares."),
  price: z.number().positive().describe("The latest close, as check_risk gave it."),
  date: z.string().describe("The day of that close."),
  file: z.string().describe("The price file."),
  version: z.string().describe("The version of the prices, as load_prices gave it."),
});
/** An order, with the quote that it was made with. */
export type Order = z.infer<typeof orderSchema>;
