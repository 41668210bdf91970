// Reads what prompts write of a tool (src/prompts/catalogue.ts): `name(argument: type "meaning", …) [acts]: what it does`.

import { SignatureScanner } from "./signature-scanner.js";

/** What a signature says of an argument. */
interface Argument {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly description?: string;
}

/** What a signature says of a tool, in the words of JSON Schema. */
export interface ReadSignature {
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
    if (error instanceof SyntaxError) return undefined;
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
    if (!isFirst) scanner.expect(/, /y);
    if (scanner.take(/\.\.\./y) !== undefined) continue;
    if (scanner.take(/\[key: string\]: /y) !== undefined) {
      readValue(scanner);
      continue;
    }
    const name = scanner.takeJsonString() ?? scanner.expect(/[^\s"(){}[\]?:,|]+/y);
    if (scanner.take(/\?/y) === undefined) required.push(name);
    scanner.expect(/: /y);
    properties.push([name, readValue(scanner)]);
  }
  return { properties: Object.fromEntries(properties), required };
}

/** A type with its default, its examples and its description. */
function readValue(scanner: SignatureScanner): Argument {
  const type = readUnion(scanner);
  for (const note of [/ = /y, / examples /y]) if (scanner.take(note) !== undefined) scanner.expectJson();
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
  while (scanner.take(/\|/y) !== undefined) members.push(readMember(scanner));
  const [first] = members;
  if (first === undefined || members.length === 1) return first ?? {};
  const values = members.flatMap((member) => member.enum ?? []);
  const isOneType = members.every((member) => member.enum !== undefined && member.type === first.type);
  return isOneType ? { type: first.type, enum: values } : {};
}

function readMember(scanner: SignatureScanner): Argument {
  let member = readPrimary(scanner);
  for (;;) {
    if (scanner.take(/\[\]/y) !== undefined) member = { type: "array" };
    else if (scanner.take(/\(/y) !== undefined) readConstraints(scanner);
    else return member;
  }
}

function readPrimary(scanner: SignatureScanner): Argument {
  if (scanner.take(/\(/y) !== undefined) {
    const { type, enum: values } = readValue(scanner);
    scanner.expect(/\)/y);
    return values === undefined ? { type } : { type, enum: values };
  }
  if (scanner.take(/\[/y) !== undefined) {
    do readValue(scanner);
    while (scanner.take(/, /y) !== undefined);
    scanner.expect(/\]/y);
    return { type: "array" };
  }
  if (scanner.take(/\{/y) !== undefined) {
    readFields(scanner, /\}/y);
    return { type: "object" };
  }
  const word = scanner.take(/(?:string|number|integer|boolean|null|object|any)\b/y);
  if (word !== undefined) return word === "any" ? {} : { type: word };
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
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
