import type { Emit, RunEvent } from "../../../events/index.js";
import { type NodeContext, timeNow } from "../../run/index.js";

type EarlyRunContext = Pick<NodeContext, "signal" | "emit" | "services">;

/** Calls cost something, or are seen by somebody, whether or not the plan is accepted. */
const AS_IT_HAPPENS: ReadonlySet<RunEvent["type"]> = new Set([
  "tool.returned",
  "tool.left-behind",
  "model.called",
  "model.returned",
]);

/**
 * The events of a call that started early. That a tool was called is told at once, because it happened whether or not
 * the plan is accepted. What happens to the step is held until the executor takes it over.
 */
export class HeldEvents {
  readonly #run: EarlyRunContext;
  readonly #held: { readonly event: RunEvent; readonly at: string }[] = [];
  #tell: Emit | undefined;

  constructor(run: EarlyRunContext) {
    this.#run = run;
  }

  readonly emit: Emit = (event, at = timeNow(this.#run.services)) => {
    if (event.type === "tool.called") {
      return this.#tell === undefined ? this.#run.emit({ ...event, early: true }, at) : this.#tell(event, at);
    }
    if (AS_IT_HAPPENS.has(event.type)) {
      return (this.#tell ?? this.#run.emit)(event, at);
    }
    // A cancelled run has no executor that could emit the event later, so it is emitted now.
    const tell = this.#run.signal?.aborted ? this.#run.emit : this.#tell;
    if (tell === undefined) {
      this.#held.push({ event, at });
      return "";
    }
    return tell(event, at);
  };

  /** Emits the held events, and from now on each event as it happens. */
  tellTo(next: Emit): void {
    for (const { event, at } of this.#held.splice(0)) {
      next(event, at);
    }
    this.#tell = next;
  }
}
