// Takes secrets out of events before they are kept. What a field is called tells more than what it holds, so fields
// are told by their names; secrets inside of texts are told by their form. Neither finds everything: what must not be
// kept at all should not be given to a tool.
import { isRecord } from "../base/index.js";

/** What to remove, in addition to the defaults. */
export interface RedactOptions {
  /** Names of fields, in whatever spelling: "customerName" is also customer_name. */
  readonly fields?: readonly string[];
  /** Patterns of texts. */
  readonly patterns?: readonly RegExp[];
}

/** Takes the secrets out of the fields of plain data. What holds none is returned as it is: most events hold none. */
type Redact = (fields: object) => object;

/** Replaces a secret. */
export const REDACTED = "[redacted]";

/** Names of fields, in small letters and without anything between them. */
const SECRET_NAME =
  /(password|passwd|passphrase|secret|secretkey|apikey|accesskey|privatekey|accesstoken|refreshtoken|idtoken|authtoken|bearertoken|sessionid|authorization|credentials?|cookie|cardnumber|cvv|cvc|iban|ssn)$|^(token|pwd|pin)$/;

/**
 * The forms of secrets in texts: keys of well-known providers, tokens, private keys, passwords in addresses, and what
 * follows a name such as `password=`. What a form's group finds is kept. (A pattern that looks behind itself is tried at
 * every letter, and takes ten times as long.)
 */
const SECRET_TEXT = [
  /\b(?:sk|pk|rk)[-_](?:[a-z]+[-_])?[A-Za-z0-9_-]{16,}()/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|ASIA|AIza)[A-Za-z0-9_-]{10,}()/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*()/g,
  /\bBearer\s+[A-Za-z0-9._~+/-]{8,}=*()/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)()/g,
  /(:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
  /((?:password|passwd|secret|api[-_]?key|access[-_]?token)["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"',;&}]+/gi,
];
/** A payment card's number, which is also told by its check digit and by four digits that stand together. */
const CARD = /\b\d(?:[ -]?\d){12,18}\b/g;
/** Any of these forms. Most texts hold none, so one look at them is enough. */
const ANY_FORM = new RegExp([...SECRET_TEXT, CARD].map(({ source }) => source).join("|"), "i");
/** A shorter text cannot hold any of these forms. */
const SHORTEST = 6;
const NONE: ReadonlySet<string> = new Set();

/** Creates a function that removes secrets. Fields of the outermost object that `safe` names are copied unchanged. */
export function createRedact(
  { fields = [], patterns = [] }: RedactOptions = {},
  safe: ReadonlySet<string> = NONE,
): Redact {
  const names = new Set(fields.map(toName));
  const own = patterns.map(
    (pattern) => new RegExp(pattern.source, [...new Set(`${pattern.flags}g`)].join("")),
  );
  const known = new Map<string, boolean>();

  function isSecretName(key: string): boolean {
    const before = known.get(key);
    if (before !== undefined) {
      return before;
    }
    const name = toName(key);
    const isSecret = SECRET_NAME.test(name) || names.has(name);
    // Names come from outside too, so there may be any number of them.
    if (known.size < 1_000) {
      known.set(key, isSecret);
    }
    return isSecret;
  }

  function readText(text: string): string {
    let rest = text;
    if (text.length >= SHORTEST && ANY_FORM.test(text)) {
      for (const form of SECRET_TEXT) {
        rest = rest.replace(form, `$1${REDACTED}`);
      }
      rest = rest.replace(CARD, (digits) => (isCard(digits) ? REDACTED : digits));
    }
    for (const pattern of own) {
      rest = rest.replace(pattern, REDACTED);
    }
    return rest;
  }

  // The same output comes with the call and with the step.
  let lastText = "";
  let lastRest = "";
  function redactText(text: string): string {
    if (text !== lastText) {
      lastRest = readText(text);
      lastText = text;
    }
    return lastRest;
  }

  function redact(value: unknown): unknown {
    if (typeof value === "string") {
      return redactText(value);
    }
    if (Array.isArray(value)) {
      const rest = value.map(redact);
      return rest.some((part, index) => part !== value[index]) ? rest : value;
    }
    return isRecord(value) ? redactFields(value, NONE) : value;
  }

  function redactFields(value: object, kept: ReadonlySet<string>): object {
    let copy: Record<string, unknown> | undefined;
    for (const key of Object.keys(value)) {
      const part: unknown = kept.has(key) ? undefined : Reflect.get(value, key);
      if (part === null || part === undefined) {
        continue;
      }
      const rest = isSecretName(key) ? REDACTED : redact(part);
      if (rest !== part) {
        copy ??= { ...value };
        put(copy, key, rest);
      }
    }
    return copy ?? value;
  }

  return (value) => redactFields(value, safe);
}

/** Sets a property. An assignment to `__proto__` would set the prototype. */
function put(copy: Record<string, unknown>, key: string, part: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(copy, key, { value: part, enumerable: true });
  } else {
    copy[key] = part;
  }
}

function toName(field: string): string {
  return field.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
}

/** Whether digits stand together as on a payment card, and pass the check that its number passes (Luhn). */
function isCard(text: string): boolean {
  if (!/\d{4}/.test(text)) {
    return false;
  }
  const digits = [...text.replace(/\D/g, "")].map(Number).reverse();
  const sum = digits.reduce((total, digit, index) => {
    const counted = index % 2 === 0 ? digit : digit * 2;
    return total + (counted > 9 ? counted - 9 : counted);
  }, 0);
  return sum % 10 === 0;
}
