import { toVisible, toVisibleJson } from "../plan/index.js";
import { withoutControls } from "./controls.js";
import type { OutputStream } from "./surroundings.js";

/** Writes text for a person; what they could not see in it is written out. */
export function writeText(out: OutputStream, text: string): void {
  out.write(toVisible(text));
}

/** Writes what a model answered, without what cannot be seen. */
export function writeAnswer(out: OutputStream, text: string): void {
  out.write(withoutControls(text));
}

/** Writes a value as JSON, on one line unless it is indented. */
export function writeJson(out: OutputStream, value: unknown, indent?: number): void {
  out.write(`${toVisibleJson(value, indent)}\n`);
}
