// A small model that lacks an address makes one up, whatever it is told. So an address in the arguments that it writes must
// stand somewhere in what it read. If it does not, the model may choose among the addresses that do stand there, and is
// blocked if there are none.
import type { BaseMessage } from "@langchain/core/messages";
import type { JsonValue } from "../../../base/index.js";

/** An address of mail, or of a page, and nothing else. */
const ADDRESS = /^(?:[^\s@<>"'\\]+@[^\s@<>"'\\]+\.[a-z]{2,}|https?:\/\/\S+)$/i;
/** The addresses of a text. Those of pages end before what may stand around them. */
const ADDRESSES = /[\w.+%-]+@[\w-]+(?:\.[\w-]+)+|https?:\/\/[^\s<>"'\\)\]}]+/gi;

/** An argument that has an address that stands nowhere, and the addresses of the same kind that do. */
export interface InventedAddress {
  readonly argument: string;
  readonly address: string;
  readonly known: readonly string[];
}

/** Finds an argument whose address stands in none of the messages. */
export function findInventedAddress(
  args: Readonly<Record<string, JsonValue>>,
  messages: readonly BaseMessage[],
): InventedAddress | undefined {
  const text = messages.map((message) => message.text).join("\n");
  for (const [argument, value] of Object.entries(args)) {
    const address = [value]
      .flat()
      .find((one) => typeof one === "string" && ADDRESS.test(one) && !text.includes(one));
    if (typeof address === "string") {
      const isMail = address.includes("@") && !/^https?:/i.test(address);
      const known = (text.match(ADDRESSES) ?? []).filter((one) => /^https?:/i.test(one) !== isMail);
      return { argument, address, known: [...new Set(known)] };
    }
  }
  return undefined;
}

/** Says why a call with such an argument is not made. */
export function describeInvented({ argument, address }: InventedAddress): string {
  return `The address for ${argument} is missing: the model wrote "${address}", which stands in nothing that it read.`;
}
