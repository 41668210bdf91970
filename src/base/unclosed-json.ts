/** How JSON that has members begins, or a list of it. */
const BEGINNING = /^\s*(?:\[\s*)?\{\s*(?:"|$)/;
const FENCE = "```json";

/** Whether a text is JSON, or ends in a block of it, that breaks off before it closes. */
export function isUnclosedJson(text: string): boolean {
  const fence = text.lastIndexOf(FENCE);
  const json = fence < 0 ? text : text.slice(fence + FENCE.length);
  if (!BEGINNING.test(json)) {
    return false;
  }
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at++) {
    const character = json.charAt(at);
    if (isInString) {
      // What follows a backslash does not end the string.
      at += character === "\\" ? 1 : 0;
      isInString = character !== '"';
    } else if (character === '"') {
      isInString = true;
    } else if (character === "{" || character === "[") {
      depth += 1;
    } else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) {
        return false;
      }
    }
  }
  return true;
}
