// What models, tools and files say must not be able to move the cursor, change the title, or hide or turn around what
// stands there. What is decided on, and JSON, has them written out instead (`plan/visible-text.ts`).

/** Characters that a terminal acts upon, or that nobody sees; line ends and tabs are not among them. */
const CONTROL = String.raw`[^\P{Cc}\n\t]|[\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]`;
/** Without these, emoji fall apart and Persian and Hindi are misspelt. Latin letters have no use for them. */
const JOINER = String.raw`(?<=^|[^\u0000-\u02ff\u200c\u200d])[\u200c\u200d\ufe0e\ufe0f]`;

const CONTROLS_BUT_JOINERS = new RegExp(`(?!${JOINER})(?:${CONTROL})`, "gu");

/** Text without its controls: for answers, and for lines that are only looked at. */
export function withoutControls(text: string): string {
  return text.replaceAll(CONTROLS_BUT_JOINERS, "");
}
