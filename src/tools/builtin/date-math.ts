import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { BuiltinToolError } from "../tool-errors.js";
import { type Clock, dateDifference, readDate, shiftDate, writeDate } from "./calendar.js";

const dateMathSchema = z.object({
  operation: z
    .enum(["add", "subtract", "difference", "weekday"])
    .describe("add or subtract an amount, the difference from date to other, or the weekday of date."),
  date: z.string().describe('ISO date or date-time, or "today", "now", "tomorrow", "yesterday".'),
  amount: z.number().nullish().describe("How many units to add or subtract."),
  unit: z
    .enum(["days", "weeks", "months", "years", "hours", "minutes"])
    .nullish()
    .describe("Unit of the amount or of the difference; left out: days."),
  other: z.string().nullish().describe("The second date of a difference."),
});

/**
 * A tool that calculates with dates. add, subtract → ISO date, or date-time where a time is involved;
 * difference → number of units from `date` to `other`; weekday → its English name.
 */
export function createDateMathTool(clock: Clock) {
  return tool((input) => calculate(input, clock), {
    name: "date_math",
    description:
      "Calculates with dates: adds or subtracts days, weeks, months, years, hours or minutes, tells the difference between two dates, or the weekday of a date.",
    schema: dateMathSchema,
    metadata: { readOnly: true },
  });
}

function calculate(input: z.infer<typeof dateMathSchema>, clock: Clock): string | number {
  const unit = input.unit ?? "days";
  const date = readDate(input.date, clock);
  switch (input.operation) {
    case "weekday":
      return date.value.setLocale("en").weekdayLong;
    case "difference":
      return dateDifference(date, readDate(required(input.other, "other", "difference"), clock), unit);
    default: {
      const amount = required(input.amount, "amount", input.operation);
      return writeDate(shiftDate(date, input.operation === "add" ? amount : -amount, unit));
    }
  }
}

function required<Value>(value: Value | null | undefined, name: string, operation: string): Value {
  if (value !== undefined && value !== null) return value;
  throw new BuiltinToolError("INVALID_DATE", `The operation "${operation}" needs "${name}".`);
}
