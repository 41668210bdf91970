import { ModelError } from "./model-error.js";
import { type ModelSpec, nameOfSpec, type ReasoningEffort, type ResolvedModel } from "./resolve-model.js";

/** The models that a role may ask. */
export interface RoleModels {
  readonly model: ModelSpec;
  /** Who is asked where the model gives nothing, in order. */
  readonly fallbacks: readonly ModelSpec[];
  readonly reasoningEffort?: ReasoningEffort;
}

/** Makes the model that a spec means. */
export type ResolveModel = (spec: ModelSpec, effort?: ReasoningEffort) => Promise<ResolvedModel>;

/**
 * The models of a role, in order, for one piece of work: a plan with its repairs, one step. Whoever takes over stays
 * to the end of it, so that a model that is down is not waited for at each call.
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

  /** The name of the model that is asked now. */
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

  /** Whether there is another model to go on to. */
  get hasNext(): boolean {
    return this.#failures.length + 1 < this.#specs.length;
  }

  /** The model that is asked now; throws a `ModelError` where it cannot be had. */
  current(): Promise<ResolvedModel> {
    this.#resolved ??= this.#resolve(this.#spec);
    return this.#resolved;
  }

  /** Goes on to the next model. Where there is none it throws an error that names each model and what it did. */
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
