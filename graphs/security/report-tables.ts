import { labelOf } from "./patch.js";
import type { TrailFact } from "./trail.js";

/** A Markdown table; what would break its cells is written out. */
export function toTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) {
    return "None.";
  }
  const toLine = (cells: readonly string[]) => `| ${cells.map(toCell).join(" | ")} |`;
  return [toLine(heads), toLine(heads.map(() => "---")), ...rows.map(toLine)].join("\n");
}

/** An entry of the trail in words. */
export function describeFact(fact: TrailFact): string {
  switch (fact.kind) {
    case "copied":
      return `${fact.project} was copied; ${toHashes(fact.hashes)}`;
    case "proposed":
      return `round ${fact.round}: proposed ${fact.patches.map(labelOf).join("; ") || "nothing"}${toLeft(fact.left)}`;
    case "decided":
      return describeDecision(fact);
    case "patched":
      return `made ${labelOf(fact.patch)} (step ${fact.step}); ${toChange(fact)}`;
    case "not-needed":
      return `not needed: ${labelOf(fact.patch)}: ${fact.reason}`;
    case "verified":
      return `verified ${labelOf(fact.patch)}; ${toChange(fact)}`;
    case "refused":
      return `refused ${labelOf(fact.patch)}: ${fact.problems.join("; ")}`;
    case "reported":
      return `report written, ${fact.sha256}`;
  }
}

function describeDecision(fact: Extract<TrailFact, { kind: "decided" }>): string {
  const who = fact.by ?? "a person who was not named";
  const words = fact.words === undefined ? "" : `, saying: ${fact.words}`;
  const instead = fact.instead === undefined ? "" : `, to ${JSON.stringify(fact.instead)}`;
  const verb = { approve: "approved", edit: "edited", reject: "rejected" }[fact.decision];
  return `${who} ${verb} ${JSON.stringify(fact.shown ?? null)}${instead}${words} (at ${fact.decidedAt}, step ${fact.step ?? "none"})`;
}

function toLeft(
  left: readonly { readonly package: string; readonly version: string; readonly reason: string }[],
) {
  return left.map((entry) => `; left ${entry.package}@${entry.version}: ${entry.reason}`).join("");
}

function toChange({
  before,
  after,
}: {
  before: Record<string, string>;
  after: Record<string, string>;
}): string {
  const changed = Object.keys(after).filter((file) => after[file] !== before[file]);
  return changed.map((file) => `${file} ${short(before[file])} → ${short(after[file])}`).join(", ");
}

function toHashes(hashes: Readonly<Record<string, string>>): string {
  return Object.entries(hashes)
    .map(([file, hash]) => `${file} ${short(hash)}`)
    .join(", ");
}

function short(hash = ""): string {
  return hash.slice(0, 12);
}

function toCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
