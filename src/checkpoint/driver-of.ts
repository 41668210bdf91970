import { unknownUrl } from "./checkpointer-error.js";

/** The driver for a URL's scheme. */
export function driverOf<Driver>(url: string, drivers: ReadonlyMap<string, Driver>): Driver {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) throw unknownUrl("it has no scheme");
  const driver = drivers.get(scheme);
  if (driver === undefined) throw unknownUrl(`"${scheme}:" is not known`);
  return driver;
}
