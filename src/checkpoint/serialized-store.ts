import { BaseStore, type Item, type Operation, type OperationResults } from "@langchain/langgraph";
import { z } from "zod";
import { CheckpointerError } from "./checkpointer-error.js";
import type { CheckpointerOptions } from "./driver.js";

type Serializer = NonNullable<CheckpointerOptions["serializer"]>;

const keptSchema = z.strictObject({ serialized: z.string(), data: z.string() });
const valueSchema = z.record(z.string(), z.unknown());
const itemSchema = z.object({ value: valueSchema, key: z.string(), namespace: z.array(z.string()) }).loose();

/** A store whose values pass through a serializer. They can then no longer be searched. */
export class SerializedStore extends BaseStore {
  readonly #store: BaseStore;
  readonly #serializer: Serializer;

  constructor(store: BaseStore, serializer: Serializer) {
    super();
    this.#store = store;
    this.#serializer = serializer;
  }

  override async batch<Op extends Operation[]>(operations: Op): Promise<OperationResults<Op>> {
    const given = await Promise.all(operations.map((operation) => this.#write(operation)));
    const results: readonly unknown[] = await this.#store.batch(given);
    return asResults<Op>(await Promise.all(results.map((result) => this.#readResult(result))));
  }

  async #write(operation: Operation): Promise<Operation> {
    if ("namespacePrefix" in operation && (operation.filter ?? operation.query) !== undefined) {
      throw new CheckpointerError(
        "QUERY_UNSUPPORTED",
        "A store with a serializer cannot search in what it keeps: leave out `filter` and `query`.",
      );
    }
    if (!("value" in operation) || operation.value === null) {
      return operation;
    }
    const [serialized, bytes] = await this.#serializer.dumpsTyped(operation.value);
    return { ...operation, value: { serialized, data: Buffer.from(bytes).toString("base64") }, index: false };
  }

  async #readResult(result: unknown): Promise<unknown> {
    if (Array.isArray(result)) {
      return Promise.all(result.map((one) => this.#readResult(one)));
    }
    const item = itemSchema.safeParse(result).data;
    return item === undefined ? result : { ...item, value: await this.#read(item.value) };
  }

  /** Values stored before there was a serializer are plain JSON. The serializer decides whether it accepts them. */
  async #read(value: Item["value"]): Promise<Item["value"]> {
    const kept = keptSchema.safeParse(value).data;
    const type = kept?.serialized ?? "json";
    const bytes = kept === undefined ? Buffer.from(JSON.stringify(value)) : Buffer.from(kept.data, "base64");
    return valueSchema.parse(await this.#serializer.loadsTyped(type, bytes));
  }
}

/** Types the results of a batch. LangGraph pairs results with operations in a mapped type that no loop can satisfy. */
export function asResults<Op extends Operation[]>(results: unknown): OperationResults<Op> {
  return results as OperationResults<Op>;
}
