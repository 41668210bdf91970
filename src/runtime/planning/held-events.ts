import type { Emit, RunEvent } from "../../events/index.js";
import type { NodeContext } from "../run/index.js";

/** The events of a call that started early. They are held until the executor takes over the call. */
export class HeldEvents {
  readonly #run: Pick<NodeContext, "signal" | "emit">;
  readonly #held: RunEvent[] = [];
  #tell: Emit | undefined;

  constructor(run: Pick<NodeContext, "signal" | "emit">) {
    this.#run = run;
  }

  readonly emit: Emit = (event) => {
    // A cancelled run has no executor that could emit the event later, so it is emitted now.
    const tell = this.#run.signal?.aborted ? this.#run.emit : this.#tell;
    if (tell === undefined) {
      this.#held.push(event);
    } else {
      tell(event);
    }
  };

  /** Emits the held events, and from now on each event as it happens. */
  tellTo(next: Emit): void {
    for (const event of this.#held.splice(0)) {
      next(event);
    }
    this.#tell = next;
  }
}
