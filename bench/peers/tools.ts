import { setTimeout as sleep } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createCalculatorTool } from "../../src/index.js";
import { stepOfCall, type Work } from "./work.js";

/** The tools, the same for every architecture: name, description, their one parameter and its meaning. */
const catalogue = [
  [
    "manager_of",
    "Gives the full name of the person to whom an employee reports, as the staff directory has it today.",
    "employee",
    "First and last name of the employee",
  ],
  [
    "stock_of",
    "Gives how many pieces of a product are in the warehouse now, reserved ones included.",
    "product",
    "Name of the product, in the plural",
  ],
  [
    "quote_of",
    "Asks the supplier of a product for today's price of one piece, in euros; fails where there is no supplier.",
    "product",
    "Name of the product, in the singular",
  ],
  [
    "archived_quote_of",
    "Gives the last price in euros that a supplier gave for one piece of a product, from the archive.",
    "product",
    "Name of the product, in the singular",
  ],
  [
    "find_fact",
    "Looks a quantity up in an encyclopedia and gives the bare number, without its unit.",
    "query",
    "Which quantity of what, and in which unit",
  ],
  [
    "search",
    "Searches an encyclopedia and gives the beginning of the article that fits best.",
    "query",
    "What the article is about",
  ],
  [
    "read_manual",
    "Gives one section of the service manual, which may refer to others.",
    "section",
    "Number of the section such as 4.2, or an error code",
  ],
  [
    "calculate",
    "Works out an arithmetic expression with + - * / and round(number, digits), and gives the number.",
    "expression",
    "The expression, such as round((2 + 3) / 7, 2)",
  ],
] as const;

/** A tool reports that it cannot do this and never will, so nobody should try again. */
class GoneError extends Error {
  override readonly name = "GoneError";
  readonly status = 410;
}

/** The tools over the data of one work. Each takes as long as the work says, times the scale. */
export function createTools(work: Work, scale: number) {
  const calculator = createCalculatorTool();
  return catalogue.map(([name, description, parameter, meaning]) => {
    const schema: z.ZodObject<Record<string, z.ZodString>> = z.object({
      [parameter]: z.string().describe(meaning),
    });
    const call = async (args: Readonly<Record<string, string>>): Promise<string> => {
      const step = stepOfCall(work, name, args);
      if (step === undefined) {
        throw new GoneError(`${name} knows nothing of ${JSON.stringify(args)}.`);
      }
      await sleep(step.latencyS * scale * 1_000);
      if (step.fails) {
        throw new GoneError(step.output);
      }
      if (name !== "calculate") {
        return step.output;
      }
      return String(await calculator.invoke({ expression: args.expression ?? "" }));
    };
    return tool(call, { name, description, schema, metadata: { readOnly: true } });
  });
}

/** A tool of the comparison. */
export type WorkTool = ReturnType<typeof createTools>[number];
