import { hasHidden, toQuoted, toVisibleName } from "../plan/index.js";
import type { WaitingAction } from "../state/index.js";

/**
 * A line of JSON and plain names as Markdown shows it letter by letter. Backticks, and blanks that would run together,
 * stand between quotes there, and so can be written out.
 */
export function toCode(line: string): string {
  return `\`${line.replaceAll("`", "\\u0060").replaceAll(/(?<= ) /g, "\\u0020")}\``;
}

/** The call that waits with its hidden characters written out; undefined where it has none. */
export function hiddenCall({ stepId, tool, args }: WaitingAction): string | undefined {
  if (!hasHidden([tool, args])) return undefined;
  return toCode(`[${toVisibleName(stepId)}] ${toVisibleName(tool)} ${toQuoted(args)}`);
}
