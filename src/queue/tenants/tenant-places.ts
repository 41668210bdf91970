import type { OpenCheckpointer } from "../../checkpoint/index.js";

/**
 * Takes one of a tenant's places for runs, and returns how to give it back; undefined if none is free. pg-boss counts the
 * runs before it gives a job away, and two workers that ask at the same moment are counted as one. A place is a lock, so
 * it is free again when its worker dies.
 */
export async function takePlace(
  { lockThread }: Pick<OpenCheckpointer, "lockThread">,
  queue: string,
  tenant: string,
  places: number,
): Promise<(() => Promise<void>) | undefined> {
  const first = Math.floor(Math.random() * places);
  for (let tried = 0; tried < places; tried += 1) {
    const place = `place ${JSON.stringify([queue, tenant, (first + tried) % places])}`;
    const taken = await lockThread(place);
    if ("lost" in taken) {
      return taken.release;
    }
  }
  return undefined;
}
