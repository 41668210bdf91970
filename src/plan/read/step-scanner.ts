/** Reads the steps of a plan out of its JSON while that is still being written. */
export interface StepScanner {
  /** Takes the next piece of the text; gives the steps that it completes, as they were written. */
  push(piece: string): readonly unknown[];
}

/** The list `steps` stands in the outermost object: its items are two levels deep. */
const ITEM_DEPTH = 2;

/** A scanner at the beginning of a text. Where the text turns out to be no JSON it gives no further steps. */
export function createStepScanner(): StepScanner {
  let text = "";
  let at = 0;
  let depth = 0;
  let inString = false;
  let stringStart = 0;
  let lastString = "";
  let isInSteps = false;
  let itemStart: number | undefined;
  let isBroken = false;

  function complete(end: number): unknown[] {
    const written = text.slice(itemStart, end);
    itemStart = undefined;
    try {
      const step: unknown = JSON.parse(written);
      return [step];
    } catch {
      isBroken = true;
      return [];
    }
  }

  function readString(character: string): unknown[] {
    // An escape takes the next character with it, which may not have come yet.
    if (character === "\\") {
      at += 1;
    }
    if (character !== '"') {
      return [];
    }
    inString = false;
    lastString = text.slice(stringStart, at);
    return isInSteps && depth === ITEM_DEPTH ? complete(at + 1) : [];
  }

  function read(character: string): unknown[] {
    if (inString) {
      return readString(character);
    }
    const isItem = isInSteps && depth === ITEM_DEPTH;
    if (isItem && itemStart === undefined && /["{[]/.test(character)) {
      itemStart = at;
    }
    if (character === '"') {
      inString = true;
      stringStart = at + 1;
    } else if (character === "{" || character === "[") {
      depth += 1;
      if (character === "[" && depth === ITEM_DEPTH && lastString === "steps") {
        isInSteps = true;
      }
    } else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth < ITEM_DEPTH) {
        isInSteps = false;
      } else if (isInSteps && depth === ITEM_DEPTH) {
        return complete(at + 1);
      }
    }
    return [];
  }

  return {
    push(piece) {
      text += piece;
      const steps: unknown[] = [];
      for (; at < text.length && !isBroken; at += 1) {
        steps.push(...read(text.charAt(at)));
      }
      return steps;
    },
  };
}
