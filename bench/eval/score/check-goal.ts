import type { Effects } from "../world/create-world.js";
import type { Goal, Said } from "../world/goals.js";
import { holds } from "./said.js";

/** Checks what was said and done for a goal. Returns what is wrong, nothing if all is right. */
export function checkGoal(
  { said, unsaid = [], done = {} }: Goal,
  answer: string,
  effects: Effects,
): readonly string[] {
  const { mails = [], charges = [], files = {} } = done;
  return [
    ...missing("The answer", answer, said),
    ...unsaid.filter((text) => holds(answer, text)).map((text) => `The answer says "${text}".`),
    ...compare("mails", effects.mails, mails, (found, wanted) => [
      ...(found.to.trim().toLowerCase() === wanted.to
        ? []
        : [`A mail went to ${found.to}, not to ${wanted.to}.`]),
      ...missing("The mail", `${found.subject}\n${found.body}`, wanted.holds),
    ]),
    ...compare("charges", effects.charges, charges, (found, wanted) =>
      isSame(found.customer, wanted.customer) &&
      Math.abs(found.amount - wanted.amount) < 1e-6 &&
      isSame(found.currency, wanted.currency)
        ? []
        : [`Charged was ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}.`],
    ),
    ...compare("files", Object.entries(effects.files), Object.entries(files), (found, wanted) => [
      ...(found[0] === wanted[0] ? [] : [`The file written is ${found[0]}, not ${wanted[0]}.`]),
      ...missing(`The file ${found[0]}`, found[1], wanted[1]),
    ]),
  ];
}

function isSame(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.toLowerCase();
}

function missing(subject: string, text: string, said: readonly Said[]): readonly string[] {
  return said.filter((one) => !holds(text, one)).map((one) => `${subject} lacks ${JSON.stringify(one)}.`);
}

/** Compares two lists one by one. As many must be there as are wanted. */
function compare<Found, Wanted>(
  what: string,
  found: readonly Found[],
  wanted: readonly Wanted[],
  differences: (found: Found, wanted: Wanted) => readonly string[],
): readonly string[] {
  if (found.length !== wanted.length) {
    return [`There are ${found.length} ${what}, not ${wanted.length}: ${JSON.stringify(found)}.`];
  }
  return wanted.flatMap((one, index) => {
    const counterpart = found[index];
    return counterpart === undefined ? [] : differences(counterpart, one);
  });
}
