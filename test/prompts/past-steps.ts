import type { StepResult } from "../../src/plan/index.js";
import { readSection } from "../support/read-section.js";

/** A step that came out right, unless it is told otherwise. */
export const past = (id: string, fields: Partial<StepResult>): StepResult => ({
  id,
  description: `step ${id}`,
  status: "done",
  attempts: 1,
  endedAt: "2026-01-01T00:00:00.000Z",
  ...fields,
});

/** The JSON lines of a prompt's section. */
export const linesOf = (section: string, text: string): unknown[] =>
  (readSection(section, text) ?? "").split("\n").map((line) => JSON.parse(line));
