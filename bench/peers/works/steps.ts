import type { WorkStep } from "../work.js";

/** What a step may set beyond its kind. */
type Beside = Partial<Pick<WorkStep, "latencyS" | "insteadOf" | "fails" | "knownFrom">>;

/** Seconds that a look-up of one value takes, unless the work says otherwise. */
const LOOK_UP_S = 0.4;
const CALCULATION_S = 0.1;
const SEARCH_S = 1;

/** Finds an employee's manager. */
export function managerOf(id: string, employee: string, output: string, beside: Beside = {}): WorkStep {
  const words = `Find the manager of ${employee}`;
  return { id, tool: "manager_of", args: { employee }, words, output, latencyS: LOOK_UP_S, ...beside };
}

/** Finds out how much is in stock. */
export function stockOf(id: string, product: string, output: string, beside: Beside = {}): WorkStep {
  const words = `Find the stock of ${product}`;
  return { id, tool: "stock_of", args: { product }, words, output, latencyS: LOOK_UP_S, ...beside };
}

/** Asks a supplier for a price. */
export function quoteOf(id: string, product: string, output: string, beside: Beside = {}): WorkStep {
  const words = `Get the quote for ${product}`;
  return { id, tool: "quote_of", args: { product }, words, output, latencyS: LOOK_UP_S, ...beside };
}

/** Takes last week's price. */
export function archivedQuoteOf(id: string, product: string, output: string, beside: Beside = {}): WorkStep {
  const words = `Get the archived quote for ${product}`;
  return { id, tool: "archived_quote_of", args: { product }, words, output, latencyS: LOOK_UP_S, ...beside };
}

/** Looks a number up. */
export function findFact(id: string, query: string, output: string, beside: Beside = {}): WorkStep {
  const words = `Find the ${query}`;
  return { id, tool: "find_fact", args: { query }, words, output, latencyS: SEARCH_S, ...beside };
}

/** Looks an article up. */
export function search(id: string, query: string, output: string, beside: Beside = {}): WorkStep {
  const words = `Search for ${query}`;
  return { id, tool: "search", args: { query }, words, output, latencyS: SEARCH_S, ...beside };
}

/** Reads a section of the manual. */
export function readManual(id: string, section: string, output: string, beside: Beside = {}): WorkStep {
  const words = `Read section ${section} of the manual`;
  return { id, tool: "read_manual", args: { section }, words, output, latencyS: LOOK_UP_S, ...beside };
}

export function calculate(id: string, expression: string, output: string, beside: Beside = {}): WorkStep {
  const words = `Calculate ${expression}`;
  return { id, tool: "calculate", args: { expression }, words, output, latencyS: CALCULATION_S, ...beside };
}
