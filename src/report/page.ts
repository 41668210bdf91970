// The frame of every page. It has no script at all, and its policy lets none run, whatever a text contains: what needs
// one elsewhere is done with links, <details> and a refresh that the browser does by itself.
import { createHash } from "node:crypto";
import { asMarkup, type Html, html, toMarkup } from "./html.js";
import { STYLE } from "./style.js";

/** A page to be written. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  /** After how many seconds the browser reads the page again. @default never */
  readonly refreshSeconds?: number;
  /** Whether forms may be sent to where the page came from. @default false */
  readonly hasForms?: boolean;
}

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** What a page may do: show itself. A server sends it as a header too. */
export function policyOf({ hasForms = false }: Pick<Page, "hasForms">): string {
  return `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action ${hasForms ? "'self'" : "'none'"}`;
}

/** Writes a page. */
export function renderPage({ title, body, refreshSeconds, hasForms }: Page): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf({ hasForms })}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
${refreshSeconds !== undefined && html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title}</title>
<style>${asMarkup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<div class="page" id="content">
${body}
</div>
</body>
</html>
`;
  return toMarkup(page);
}
