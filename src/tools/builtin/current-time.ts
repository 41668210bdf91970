import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { type Clock, localNow } from "./calendar.js";

const currentTimeSchema = z.object({
  timezone: z
    .string()
    .nullish()
    .describe("IANA time zone such as Europe/Berlin; left out: the computer's own."),
});

/** A tool that tells the time: `{ timezone? }` → `{ iso, date, time, weekday, timezone }`. */
export function createCurrentTimeTool(clock: Clock) {
  return tool(
    ({ timezone }) => {
      const now = localNow(clock, timezone || undefined);
      return {
        iso: now.toISO({ suppressMilliseconds: true }),
        date: now.toISODate(),
        time: now.toFormat("HH:mm:ss"),
        weekday: now.weekdayLong,
        timezone: now.zoneName,
      };
    },
    {
      name: "current_time",
      description: "Tells the current date, time and weekday, here or in a time zone.",
      schema: currentTimeSchema,
      metadata: { readOnly: true },
    },
  );
}
