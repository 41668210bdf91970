import { pick } from "../random.js";
import type { Moment, Phase } from "./phases.js";

/** How many kills of each phase are still wanted. Several runs share one of these. */
export type Wanted = Map<Phase, number>;

/** Phases that a process reaches at most once, so the chance to kill there is nearly always taken. */
const rare: readonly Phase[] = [
  "plan streaming",
  "request made",
  "approval waiting",
  "approved, not called",
  "new plan streaming",
  "answer streaming",
];

/**
 * Decides when one process dies: at a random moment within a phase of which kills are still wanted. The eagerness is
 * drawn for each process, so that some die early and some get far.
 */
export class Executioner {
  readonly #wanted: Wanted;
  readonly #random: () => number;
  readonly #kill: () => void;
  readonly #eagerness: number;
  readonly #open = new Set<string>();
  #target: Moment | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hasKilled = false;

  constructor(wanted: Wanted, random: () => number, kill: () => void) {
    this.#wanted = wanted;
    this.#random = random;
    this.#kill = kill;
    this.#eagerness = pick([1, 0.6, 0.3, 0.15], random);
  }

  onMoment(moment: Moment): void {
    const key = `${moment.phase}:${moment.id}`;
    if (moment.at === "end") {
      this.#open.delete(key);
      return;
    }
    this.#open.add(key);
    if (this.#target !== undefined || (this.#wanted.get(moment.phase) ?? 0) <= 0) {
      return;
    }
    const chance = rare.includes(moment.phase) ? Math.max(0.9, this.#eagerness) : this.#eagerness;
    if (this.#random() >= chance) {
      return;
    }
    this.#target = moment;
    this.#timer = setTimeout(
      () => {
        this.#hasKilled = true;
        this.#kill();
      },
      this.#random() * (moment.ms ?? 0),
    );
  }

  /**
   * The process has ended. Returns the phase in which it was killed, or undefined if it was not killed, or too late.
   */
  atEnd(): Phase | undefined {
    clearTimeout(this.#timer);
    if (!this.#hasKilled || this.#target === undefined) {
      return undefined;
    }
    const { phase, id } = this.#target;
    return this.#open.has(`${phase}:${id}`) ? phase : undefined;
  }
}
