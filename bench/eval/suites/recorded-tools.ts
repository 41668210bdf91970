import { createHash } from "node:crypto";
import { stableStringify } from "../../../src/base/index.js";

/** A call of a tool, with its arguments. */
export interface MadeCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A short token that stands for what a call gives. The same call always gives the same. */
export function tokenOf({ tool, args }: MadeCall, field: string): string {
  const hash = createHash("sha256")
    .update(stableStringify([tool, plainArgs(args), field]))
    .digest("hex");
  return `${field.replaceAll(/\W+/g, "_").toLowerCase()}-${hash.slice(0, 6)}`;
}

/** Whether a call was made with these arguments. It may have others beside them. */
export function isCall(made: MadeCall, { tool, args }: MadeCall): boolean {
  const [found, wanted] = [plainArgs(made.args), plainArgs(args)];
  return made.tool === tool && Object.entries(wanted).every(([name, value]) => found[name] === value);
}

/** What is wrong if a call was not made. */
export function toUnmade({ tool, args }: MadeCall): string {
  return `${tool} was not called with ${JSON.stringify(args)}.`;
}

/** Arguments without case and blanks around them, and numbers in whatever form. Empty ones are not there. */
function plainArgs(args: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(args)
      .filter(([, value]) => value !== undefined && value !== null && value !== "")
      .map(([name, value]) => {
        const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
        const number = text.trim() === "" ? Number.NaN : Number(text);
        return [name, Number.isNaN(number) ? text.trim().toLowerCase() : String(number)];
      }),
  );
}
