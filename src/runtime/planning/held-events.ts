import type { Emit, RunEvent } from "../../events/index.js";
import type { NodeContext } from "../run/index.js";

/** The events of a call that started early: held until the executor takes the call on. */
export class HeldEvents {
  readonly #run: Pick<NodeContext, "signal" | "emit">;
  readonly #held: RunEvent[] = [];
  #tell: Emit | undefined;

  constructor(run: Pick<NodeContext, "signal" | "emit">) {
    this.#run = run;
  }

  readonly emit: Emit = (event) => {
    // A run that is cancelled has no executor any more that could tell it later.
    const tell = this.#run.signal?.aborted ? this.#run.emit : this.#tell;
    if (tell === undefined) {
      this.#held.push(event);
    } else {
      tell(event);
    }
  };

  /** Tells what has happened, and from then on what happens. */
  tellTo(next: Emit): void {
    for (const event of this.#held.splice(0)) {
      next(event);
    }
    this.#tell = next;
  }
}
