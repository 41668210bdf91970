import { DynamicStructuredTool } from "@langchain/core/tools";
import { type Operation, type Parameter, readOperations } from "./operations.js";

/** A call that a stub has answered. */
export interface StubbedCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** All of GitHub's operations as tools. No request is made: a stub answers each, with the fields that GitHub's answer has. */
export function createGithubTools(onCall: (call: StubbedCall) => void = () => {}): DynamicStructuredTool[] {
  return readOperations().map((operation) => {
    const { name, summary, about, reads = false, parameters, gives } = operation;
    return new DynamicStructuredTool({
      name,
      description: about === "" ? summary : `${summary}. ${about}`,
      schema: {
        type: "object",
        properties: Object.fromEntries(parameters.map((one) => [one.name, toSchema(one)])),
        required: parameters.filter(({ required }) => required).map((one) => one.name),
      },
      metadata: { readOnly: reads, outputSchema: toOutputSchema(gives) },
      func: async (args: Readonly<Record<string, unknown>>) => {
        onCall({ name, args });
        return toAnswer(gives);
      },
    });
  });
}

function toSchema({ type, values }: Parameter): object {
  if (type.endsWith("[]")) {
    return { type: "array", items: { type: type.slice(0, -2) } };
  }
  return values === undefined ? { type } : { type, enum: values };
}

/** The fields of an answer as a JSON Schema. An answer may always have more. */
function toOutputSchema({ "": items, ".": own = [], ...lists }: Operation["gives"]): object | undefined {
  const toObject = (names: readonly string[]) => ({
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, {}])),
  });
  if (items !== undefined) {
    return { type: "array", items: toObject(items) };
  }
  const inLists = Object.entries(lists).map(([name, names]) => [
    name,
    { type: "array", items: toObject(names) },
  ]);
  const properties = { ...toObject(own).properties, ...Object.fromEntries(inLists) };
  return Object.keys(properties).length === 0 ? undefined : { type: "object", properties };
}

const IS_NUMBER = /(^|_)(id|number)$/;

/** An answer with these fields: numbers where GitHub has numbers, elsewhere a text that says which field it is. */
function toAnswer({ "": items, ".": own = [], ...lists }: Operation["gives"]): unknown {
  const toObject = (names: readonly string[]) =>
    Object.fromEntries(names.map((name, at) => [name, IS_NUMBER.test(name) ? 1000 + at : `a ${name}`]));
  if (items !== undefined) {
    return [toObject(items)];
  }
  const inLists = Object.entries(lists).map(([name, names]) => [name, [toObject(names)]]);
  return { ...toObject(own), ...Object.fromEntries(inLists) };
}
