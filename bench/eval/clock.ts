/** The day of every run: the one that the world's clock shows. */
export const TODAY = "2026-03-02T08:00:00Z";

/** The person's time zone. */
export const TIMEZONE = "Europe/Berlin";

/**
 * Sets the process's date to that day. Prompts tell the day, so on any other a request would not be the one that was
 * recorded. Time goes on from there.
 */
export function setToday(): void {
  const RealDate = Date;
  const offsetMs = RealDate.parse(TODAY) - RealDate.now();
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [target.now() + offsetMs] : args, newTarget),
    get: (target, key, receiver) =>
      key === "now" ? () => target.now() + offsetMs : Reflect.get(target, key, receiver),
  });
}
