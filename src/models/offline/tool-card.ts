import { z } from "zod";

const JSON_STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const JSON_WORD = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null/iy;

/** Goes over a line piece by piece. Patterns are sticky; what does not fit is a `SyntaxError`. */
class SignatureScanner {
  private at = 0;

  constructor(private readonly line: string) {}

  /** The text of a pattern, where it stands here. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.line)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  /** The text of a pattern, which has to stand here. */
  expect(pattern: RegExp): string {
    const found = this.take(pattern);
    if (found === undefined) {
      throw this.unexpected(String(pattern.source));
    }
    return found;
  }

  /** The text that a JSON string is. */
  takeJsonString(): string | undefined {
    const found = this.take(JSON_STRING);
    return found === undefined ? undefined : String(JSON.parse(found));
  }

  /** A value in JSON, up to where it ends. */
  expectJson(): unknown {
    const from = this.at;
    const isComposed = /[[{]/.test(this.line[from] ?? "");
    if (!isComposed) {
      this.take(JSON_STRING) ?? this.expect(JSON_WORD);
    }
    for (let depth = 0, isInside = isComposed; isInside; isInside = depth > 0) {
      const piece = this.take(JSON_STRING) ?? this.expect(/[[\]{}]|[^"[\]{}]+/y);
      if (piece === "{" || piece === "[") {
        depth += 1;
      }
      if (piece === "}" || piece === "]") {
        depth -= 1;
      }
    }
    const value: unknown = JSON.parse(this.line.slice(from, this.at));
    return value;
  }

  /** Nothing more may stand here. */
  expectEnd(): void {
    if (this.at < this.line.length) {
      throw this.unexpected("the end");
    }
  }

  private unexpected(wanted: string): SyntaxError {
    return new SyntaxError(`At ${this.at}, in place of ${wanted}: ${this.line.slice(this.at, this.at + 20)}`);
  }
}

// Reads what prompts write of a tool (src/prompts/catalogue.ts): `name(argument: type "meaning", …) [acts]: what it does`.

/** What a signature says of an argument. */
interface Argument {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly description?: string;
}

/** What a signature says of a tool, in the words of JSON Schema. */
interface ReadSignature {
  readonly name: string;
  readonly description: string;
  readonly readOnly: boolean;
  readonly parameters: {
    readonly properties: Readonly<Record<string, Argument>>;
    readonly required: readonly string[];
  };
}

/** The tool that a line describes; undefined where the line is no signature to its very end. */
export function readSignature(line: string): ReadSignature | undefined {
  try {
    return readTool(new SignatureScanner(line));
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

function readTool(scanner: SignatureScanner): ReadSignature {
  const name = scanner.expect(/[\w-]+/y);
  scanner.expect(/\(/y);
  const parameters = readFields(scanner, /\)/y);
  readDescription(scanner);
  const readOnly = scanner.take(/ \[acts\]/y) === undefined;
  const isDescribed = scanner.take(/: /y) !== undefined;
  const description = isDescribed ? (scanner.takeJsonString() ?? scanner.take(/.+/y) ?? "") : "";
  scanner.expectEnd();
  return { name, description, readOnly, parameters };
}

/** `name: value, other?: value, ...` up to what closes it. */
function readFields(scanner: SignatureScanner, end: RegExp): ReadSignature["parameters"] {
  const properties: [string, Argument][] = [];
  const required: string[] = [];
  for (let isFirst = true; scanner.take(end) === undefined; isFirst = false) {
    if (!isFirst) {
      scanner.expect(/, /y);
    }
    if (scanner.take(/\.\.\./y) !== undefined) {
      continue;
    }
    if (scanner.take(/\[key: string\]: /y) !== undefined) {
      readValue(scanner);
      continue;
    }
    const name = scanner.takeJsonString() ?? scanner.expect(/[^\s"(){}[\]?:,|]+/y);
    if (scanner.take(/\?/y) === undefined) {
      required.push(name);
    }
    scanner.expect(/: /y);
    properties.push([name, readValue(scanner)]);
  }
  return { properties: Object.fromEntries(properties), required };
}

/** A type with its default, its examples and its description. */
function readValue(scanner: SignatureScanner): Argument {
  const type = readUnion(scanner);
  for (const note of [/ = /y, / examples /y]) {
    if (scanner.take(note) !== undefined) {
      scanner.expectJson();
    }
  }
  scanner.take(/ deprecated(?=[ ,)}]|$)/y);
  const description = readDescription(scanner);
  return description === undefined ? type : { ...type, description };
}

function readDescription(scanner: SignatureScanner): string | undefined {
  return scanner.take(/ (?=")/y) === undefined ? undefined : scanner.takeJsonString();
}

/** Values that are all of one type keep it; of other unions only that they are there is known. */
function readUnion(scanner: SignatureScanner): Argument {
  const members = [readMember(scanner)];
  while (scanner.take(/\|/y) !== undefined) {
    members.push(readMember(scanner));
  }
  const [first] = members;
  if (first === undefined || members.length === 1) {
    return first ?? {};
  }
  const values = members.flatMap((member) => member.enum ?? []);
  const isOneType = members.every((member) => member.enum !== undefined && member.type === first.type);
  return isOneType ? { type: first.type, enum: values } : {};
}

function readMember(scanner: SignatureScanner): Argument {
  let member = readPrimary(scanner);
  for (;;) {
    if (scanner.take(/\[\]/y) !== undefined) {
      member = { type: "array" };
    } else if (scanner.take(/\(/y) !== undefined) {
      readConstraints(scanner);
    } else {
      return member;
    }
  }
}

function readPrimary(scanner: SignatureScanner): Argument {
  if (scanner.take(/\(/y) !== undefined) {
    const { type, enum: values } = readValue(scanner);
    scanner.expect(/\)/y);
    return values === undefined ? { type } : { type, enum: values };
  }
  if (scanner.take(/\[/y) !== undefined) {
    do {
      readValue(scanner);
    } while (scanner.take(/, /y) !== undefined);
    scanner.expect(/\]/y);
    return { type: "array" };
  }
  if (scanner.take(/\{/y) !== undefined) {
    readFields(scanner, /\}/y);
    return { type: "object" };
  }
  const word = scanner.take(/(?:string|number|integer|boolean|null|object|any)\b/y);
  if (word !== undefined) {
    return word === "any" ? {} : { type: word };
  }
  const value = scanner.expectJson();
  return { type: typeOf(value), enum: [value] };
}

/** `minimum 0, maximum 10)` */
function readConstraints(scanner: SignatureScanner): void {
  do {
    scanner.expect(/\w+ /y);
    scanner.expectJson();
  } while (scanner.take(/, /y) !== undefined);
  scanner.expect(/\)/y);
}

function typeOf(value: unknown): string {
  if (typeof value === "number") {
    return Number.isInteger(value) ? "integer" : "number";
  }
  return typeof value;
}

const parameterSchema = z.object({
  type: z.unknown().optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
});

const toolCardSchema = z.object({
  name: z.string(),
  description: z.string().catch(""),
  parameters: z
    .object({
      properties: z.record(z.string(), parameterSchema.catch({ type: "string" })).catch({}),
      required: z.array(z.string()).catch([]),
    })
    .catch({ properties: {}, required: [] }),
});

/** What a tool is, as a prompt's catalogue or a bound tool tells it. */
export type ToolCard = z.infer<typeof toolCardSchema>;

/** The tools of a catalogue, one a line: a signature or a JSON object; what is neither is passed over. */
export function readCatalogue(lines: string): ToolCard[] {
  return lines.split("\n").flatMap((line) => {
    const told: unknown[] = line.startsWith("{") ? readJsonLines(line) : [readSignature(line)];
    return told.flatMap((value) => {
      const card = toolCardSchema.safeParse(value);
      return card.success ? [card.data] : [];
    });
  });
}

/** The tool of a definition such as `bindTools` makes: `{ type: "function", function: { … } }`. */
export function toToolCard(definition: unknown): ToolCard | undefined {
  const bound = z.object({ function: toolCardSchema }).safeParse(definition);
  return bound.success ? bound.data.function : undefined;
}

/** The values of a section with one JSON value a line; what is no JSON is passed over. */
export function readJsonLines(lines: string): unknown[] {
  return lines.split("\n").flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return [value];
    } catch (error) {
      if (error instanceof SyntaxError) {
        return [];
      }
      throw error;
    }
  });
}
