/** A value that a part of the goal speaks of: a number, a reference, or an expression over them. */
export interface Value {
  /** Text for an argument: "12", "{{1}}", "{{1}} + 12". */
  readonly text: string;
  /** It is one number or one reference, so it needs no parentheses. */
  readonly atomic: boolean;
  readonly kind: "number" | "text" | "date" | "rows";
  /** It is a number followed by a percent sign. */
  readonly percent?: boolean;
  /** What it may be called afterwards: "sum", "average", "words". */
  readonly tags?: readonly string[];
}

/** A value that a part of the goal gave: what "it" and "both" can mean. */
export interface Result {
  readonly value: Value;
  readonly clause: number;
  readonly label: string;
}

/** A number as a value. */
export function literal(text: string): Value {
  return { text, atomic: !text.startsWith("-"), kind: "number" };
}

/** Two values joined by an operator; a percentage that is added or taken away is one of the left value. */
export function combine(left: Value, operator: string, right: Value, tags?: readonly string[]): Value {
  const isShare = right.percent === true && left.percent !== true && (operator === "+" || operator === "-");
  const text = isShare
    ? `${group(left)} * (1 ${operator} ${right.text})`
    : `${group(left, operator)} ${operator} ${group(right)}`;
  return { text, atomic: false, kind: "number", tags };
}

/** A function over values. */
export function call(name: string, values: readonly Value[], tags?: readonly string[]): Value {
  return {
    text: `${name}(${values.map((value) => value.text).join(", ")})`,
    atomic: true,
    kind: "number",
    tags,
  };
}

/** Several values under one operator or function: "+" over three is their sum. */
export function overList(name: string, values: readonly Value[], tag: string): Value {
  if (name !== "+" && name !== "*") {
    return call(name, values, [tag]);
  }
  const text = values.map((value) => group(value)).join(` ${name} `);
  return { text, atomic: values.length === 1, kind: "number", tags: [tag] };
}

export function group(value: Value, operator?: string): string {
  const isSum = operator === "+" && /^[\w{}. +*/]+$/.test(value.text);
  return value.atomic || isSum ? value.text : `(${value.text})`;
}
