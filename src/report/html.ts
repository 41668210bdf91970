// HTML that is safe by construction: what models, tools and people said can only come in through `html`, which escapes
// it. So no file of this room puts text into markup by itself.
//
//   (1) Each attribute is written in double quotes, and each value in it is escaped.
//   (2) Characters that nobody sees are written out, so that a text cannot hide, reverse or fake anything.
//   (3) Values never stand inside of <style>, in the name of a tag or an attribute, or in a URL but as a number.
import { toVisible } from "../base/index.js";

const MARKUP = Symbol("markup");

/** A piece of a page. Only `html` makes one. */
export interface Html {
  readonly [MARKUP]: string;
}

/** What may stand in a template. Text is escaped; undefined and false leave nothing. */
export type HtmlValue = string | number | Html | undefined | false | readonly HtmlValue[];

/** Builds a piece of a page. */
export function html({ raw }: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = raw.map((text, index) => (index === 0 ? text : `${toPart(values[index - 1])}${text}`));
  return { [MARKUP]: parts.join("") };
}

/** The markup of a piece. */
export function toMarkup(piece: Html): string {
  return piece[MARKUP];
}

/** Takes a text of ours as it is: a style sheet. */
export function asMarkup(ours: string): Html {
  return { [MARKUP]: ours };
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Escapes a text for HTML and for an attribute in quotes. */
export function escapeText(text: string): string {
  return toVisible(text.replaceAll("\r\n", "\n")).replaceAll(/[&<>"'`]/g, (sign) => ENTITIES[sign] ?? "");
}

function toPart(value: HtmlValue): string {
  if (value === undefined || value === false) {
    return "";
  }
  if (typeof value === "string") {
    return escapeText(value);
  }
  if (typeof value === "number") {
    return String(value);
  }
  return isList(value) ? value.map(toPart).join("") : value[MARKUP];
}

function isList(value: Html | readonly HtmlValue[]): value is readonly HtmlValue[] {
  return Array.isArray(value);
}
