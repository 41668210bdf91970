/** The time now, as the state and the events keep it: ISO text. */
export function timeNow({ now }: { readonly now: () => number }): string {
  return new Date(now()).toISOString();
}
