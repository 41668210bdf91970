import { describe, expect, it } from "vitest";
import { createCurrentTimeTool, createDateMathTool } from "../../../src/tools/builtin/dates.js";

const clock = { now: () => new Date("2024-02-28T23:30:15.250Z"), timezone: "America/New_York" };
const currentTime = createCurrentTimeTool(clock);
const dateMath = createDateMathTool(clock);

describe("current_time", () => {
  it("tells date, time and weekday where the computer is", async () => {
    expect(await currentTime.invoke({})).toEqual({
      iso: "2024-02-28T18:30:15.250-05:00",
      date: "2024-02-28",
      time: "18:30:15",
      weekday: "Wednesday",
      timezone: "America/New_York",
    });
  });

  it("tells them in another time zone", async () => {
    expect(await currentTime.invoke({ timezone: "Asia/Tokyo" })).toMatchObject({
      date: "2024-02-29",
      time: "08:30:15",
      weekday: "Thursday",
    });
  });

  it("names a time zone that there is not", async () => {
    await expect(currentTime.invoke({ timezone: "Mars/Base" })).rejects.toThrow('no time zone "Mars/Base"');
  });

  it("takes the computer's own zone where none is set", async () => {
    const { timezone } = await createCurrentTimeTool({ now: clock.now }).invoke({});
    expect(timezone).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  });
});

describe("date_math", () => {
  const calculate = (input: object) => dateMath.invoke({ operation: "add", date: "today", ...input });

  it.each([
    [{ date: "2024-01-31", amount: 1, unit: "months" }, "2024-02-29"],
    [{ date: "2024-02-29", amount: 1, unit: "years" }, "2025-02-28"],
    [{ date: "2024-12-25", amount: 2, unit: "weeks" }, "2025-01-08"],
    [{ date: "2024-03-10", amount: 1 }, "2024-03-11"],
    [{ date: "today", amount: 1 }, "2024-02-29"],
    [{ date: "Tomorrow", amount: 1 }, "2024-03-01"],
    [{ date: "yesterday", amount: 0 }, "2024-02-27"],
    [{ operation: "subtract", date: "2024-03-01", amount: 1, unit: "days" }, "2024-02-29"],
    [{ operation: "subtract", date: "now", amount: 30, unit: "minutes" }, "2024-02-28T18:00:15"],
    [{ date: "2024-03-10", amount: 90, unit: "minutes" }, "2024-03-10T01:30:00"],
    [{ date: "2024-03-10T01:30", amount: 1, unit: "hours" }, "2024-03-10T02:30:00"],
    [{ date: "2024-03-10 01:30", amount: 1, unit: "days" }, "2024-03-11T01:30:00"],
    [{ date: "2024-03-10T01:30+02:00", amount: 1, unit: "hours" }, "2024-03-10T02:30:00+02:00"],
    [{ date: "2024-03-10T01:30:00Z", amount: 1, unit: "days" }, "2024-03-11T01:30:00Z"],
    [{ date: "2024-03-10", amount: 1.5, unit: "days" }, "2024-03-11T12:00:00"],
    [{ date: "5 March 2024", amount: 1 }, "2024-03-06"],
    [{ date: "March 5, 2024", amount: 1 }, "2024-03-06"],
    [{ date: "2024/3/5", amount: 1 }, "2024-03-06"],
  ])("shifts %o to %s", async (input, expected) => {
    expect(await calculate(input)).toBe(expected);
  });

  it.each([
    [{ date: "2024-01-01", other: "2024-12-25" }, 359],
    [{ date: "2024-12-25", other: "2024-01-01" }, -359],
    [{ date: "2024-01-01", other: "2024-01-11", unit: "weeks" }, 1.42857142857],
    [{ date: "2024-01-15", other: "2024-04-15", unit: "months" }, 3],
    [{ date: "2000-02-28", other: "today", unit: "years" }, 24],
    [{ date: "2024-03-09", other: "2024-03-11", unit: "hours" }, 48],
    [{ date: "2024-03-10T10:00+02:00", other: "2024-03-10T10:00Z", unit: "minutes" }, 120],
    [{ date: "now", other: "tomorrow", unit: "hours" }, 5.49583333333],
    [{ date: "yesterday" }, 1],
  ])("counts %o as %d", async (input, expected) => {
    expect(await calculate({ operation: "difference", ...input })).toBe(expected);
  });

  it("names the weekday", async () => {
    expect(await calculate({ operation: "weekday", date: "1969-07-20" })).toBe("Sunday");
    expect(await calculate({ operation: "weekday" })).toBe("Wednesday");
  });

  it.each([
    [{ date: "someday", amount: 1 }, '"someday" is no date that can be read'],
    [{ date: "2024-02-30", amount: 1 }, "no date that can be read"],
    [{ amount: undefined }, '"add" needs "amount"'],
    [{ amount: 1e300, unit: "years" }, "is no date"],
    [
      { operation: "difference", amount: 1 },
      '"difference" takes no "amount". It takes "date", "other" and "unit".',
    ],
    [{ operation: "weekday", amount: 1 }, '"weekday" takes no "amount". It takes "date".'],
  ])("refuses %o and says why", async (input, reason) => {
    await expect(calculate(input)).rejects.toThrow(reason);
  });
});
