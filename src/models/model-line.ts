import { ModelError } from "./model-error.js";
import { type ModelSpec, nameOfSpec, type ReasoningEffort, type ResolvedModel } from "./resolve-model.js";

/** The models that a role may ask. */
export interface RoleModels {
  readonly model: ModelSpec;
  /** The models to ask, in order, if the first one gives no answer. */
  readonly fallbacks: readonly ModelSpec[];
  readonly reasoningEffort?: ReasoningEffort;
}

/** Resolves a spec to a model. */
export type ResolveModel = (spec: ModelSpec, effort?: ReasoningEffort) => Promise<ResolvedModel>;

/**
 * The models of a role, in order, for one piece of work, such as a plan with its repairs, or a step. A model that takes
 * over stays for the rest of the work, so that no call has to wait again for a model that is down.
 */
export class ModelLine {
  readonly #specs: readonly ModelSpec[];
  readonly #resolve: (spec: ModelSpec) => Promise<ResolvedModel>;
  readonly #failures: ModelError[] = [];
  #resolved: Promise<ResolvedModel> | undefined;

  constructor({ model, fallbacks, reasoningEffort }: RoleModels, resolve: ResolveModel) {
    this.#specs = [...new Set([model, ...fallbacks])];
    this.#resolve = (spec) => resolve(spec, reasoningEffort);
  }

  /** The name of the current model. */
  get name(): string {
    return nameOfSpec(this.#spec);
  }

  get #spec(): ModelSpec {
    const spec = this.#specs[this.#failures.length];
    if (spec === undefined) {
      throw new ModelError("MODEL_FAILED", "No model is left to ask.");
    }
    return spec;
  }

  /** Whether there is another model to fall back to. */
  get hasNext(): boolean {
    return this.#failures.length + 1 < this.#specs.length;
  }

  /** Returns the current model. Rejects with a `ModelError` if it is not available. */
  current(): Promise<ResolvedModel> {
    this.#resolved ??= this.#resolve(this.#spec);
    return this.#resolved;
  }

  /** Moves on to the next model. If there is none, throws an error that tells how each model failed. */
  fallBack(error: ModelError): void {
    this.#failures.push(error);
    this.#resolved = undefined;
    if (this.#failures.length === this.#specs.length) {
      throw this.#toError(error);
    }
  }

  #toError(last: ModelError): ModelError {
    if (this.#failures.length === 1) {
      return last;
    }
    const tried = this.#failures.map(({ message }) => message.replace(/\.$/, ""));
    return new ModelError(last.code, `No model gave an answer. ${tried.join("; ")}.`, { cause: last });
  }
}
