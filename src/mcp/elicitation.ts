import { cutText, isRecord, parseJson } from "../base/index.js";
import { createArgsParser } from "../plan/index.js";
import { readOutputText } from "../tools/index.js";

/** What a person is asked for a server. */
export interface ServerQuestion {
  readonly server: string;
  readonly message: string;
  /** The JSON Schema of the answer: an object with plain fields. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** MCP's form of an answer. */
export type AnswerToServer =
  | { readonly action: "accept"; readonly content: Readonly<Record<string, unknown>> }
  | { readonly action: "decline" | "cancel" };

/** How many bytes of a server's question a person is shown. */
const MAX_MESSAGE_BYTES = 4_000;

/** Reads the request of a server. The SDK has checked its form. */
export function toQuestion(server: string, params: unknown): ServerQuestion {
  const { message, requestedSchema } = isRecord(params) ? params : {};
  return {
    server,
    message: cutText(String(message), MAX_MESSAGE_BYTES),
    schema: isRecord(requestedSchema) ? requestedSchema : {},
  };
}

/**
 * Reads a person's answer: the fields as an object or as its JSON, or the value of the only field. Null, false and an
 * empty text decline. Returns what is wrong with an answer that does not fit.
 */
export function readAnswer(answer: unknown, { schema }: ServerQuestion): AnswerToServer | string {
  if (answer === null || answer === undefined || answer === "" || answer === false) {
    return { action: "decline" };
  }
  const names = Object.keys(isRecord(schema.properties) ? schema.properties : {});
  const written = typeof answer === "string" ? parseJson(answer) : answer;
  const contents = isRecord(written) ? [written] : toContents(answer, names);
  const parse = createArgsParser(schema);
  const fitting = contents.find((content) => parse(content).length === 0);
  if (fitting !== undefined) {
    return { action: "accept", content: fitting };
  }
  const [content] = contents;
  const faults =
    content === undefined ? [] : parse(content).map(({ path, message }) => `${path.join(".")}: ${message}`);
  return `Answer with these fields, as an object: ${names.join(", ")}. ${faults.join("; ")}`.trim();
}

/** The objects that an answer without field names may stand for. */
function toContents(answer: unknown, names: readonly string[]): Readonly<Record<string, unknown>>[] {
  const [name, ...others] = names;
  if (name === undefined) {
    return [{}];
  }
  if (others.length > 0) {
    return [];
  }
  const read: unknown[] = typeof answer === "string" ? [answer, readOutputText(answer)] : [answer];
  return read.map((value) => ({ [name]: value }));
}
