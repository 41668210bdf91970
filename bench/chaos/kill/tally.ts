import type { ChaosRow } from "../case.js";
import type { Faults } from "./check-run.js";

/** Counts the results of each phase. */
export class Tally {
  readonly #rows = new Map<string, { tries: number } & Faults>();

  constructor(phases: readonly string[]) {
    for (const phase of phases) {
      this.#row(phase);
    }
  }

  try(phase: string): void {
    this.#row(phase).tries += 1;
  }

  blame(phase: string, { lost, repeated, wrong }: Faults): void {
    const row = this.#row(phase);
    row.lost.push(...lost);
    row.repeated.push(...repeated);
    row.wrong.push(...wrong);
  }

  rows(): ChaosRow[] {
    return [...this.#rows].map(([phase, row]) => ({ phase, ...row }));
  }

  #row(phase: string): { tries: number } & Faults {
    const row = this.#rows.get(phase) ?? { tries: 0, lost: [], repeated: [], wrong: [] };
    this.#rows.set(phase, row);
    return row;
  }
}
