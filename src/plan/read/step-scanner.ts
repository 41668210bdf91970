/** Reads the steps of a plan from its JSON while a model is still writing it. */
export interface StepScanner {
  /** Takes the next piece of the text, and returns the steps that it completes, as they were written. */
  push(piece: string): readonly unknown[];
}

/** The list `steps` is in the outermost object, so its items are two levels deep. */
const ITEM_DEPTH = 2;

/** Creates a scanner for one text. If the text turns out not to be JSON, it returns no further steps. */
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
    // Skips the escaped character, which may not have arrived yet.
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
