// What a catalogue of tools costs in the forms that were tried: `npx tsx bench/catalogue-form.ts`. It counts tokens
// of o200k_base.

import { toCatalogue } from "../src/prompts/catalogue.js";
import type { CatalogueEntry } from "../src/prompts/catalogue-entry.js";
import { createBuiltinTools, createToolRegistry } from "../src/tools/index.js";
import { readSection } from "../test/support/read-section.js";
import { countTokens } from "./peers/model/count-tokens.js";
import { createTools } from "./peers/tools.js";
import { workNamed } from "./peers/works/index.js";

interface Form {
  readonly name: string;
  write(entries: readonly CatalogueEntry[]): string;
}

const toSignatures = (entries: readonly CatalogueEntry[]) => readSection("tools", toCatalogue(entries)) ?? "";
const asReadOnly = (entry: CatalogueEntry): CatalogueEntry => ({ ...entry, readOnly: true });

const forms: readonly Form[] = [
  { name: "JSON Schema, indented", write: (entries) => JSON.stringify(entries.map(toMarked), null, 2) },
  {
    name: "JSON Schema, one tool a line (before)",
    write: (entries) => entries.map((entry) => JSON.stringify(toMarked(entry))).join("\n"),
  },
  { name: "declarations of TypeScript", write: (entries) => entries.map(toDeclaration).join("\n") },
  {
    name: "signatures, what only reads is marked",
    write: (entries) =>
      entries
        .map((entry) =>
          toSignatures([asReadOnly(entry)]).replace("): ", entry.readOnly ? ") [reads]: " : "): "),
        )
        .join("\n"),
  },
  {
    name: "signatures, blanks around bars",
    write: (entries) => toSignatures(entries).replaceAll(/(?<=\S)\|(?=\S)/g, " | "),
  },
  { name: "**signatures**", write: toSignatures },
  {
    name: "signatures, string left out",
    write: (entries) => toSignatures(entries).replaceAll(/: string(?=[ ,)])/g, ""),
  },
];

function toMarked({ name, description, readOnly, parameters }: CatalogueEntry): object {
  return { name, description, ...(readOnly ? { readOnly } : {}), parameters };
}

/** A comment, and a function whose arguments are one object. Each argument has a comment of its own. */
function toDeclaration(entry: CatalogueEntry): string {
  const signature = toSignatures([{ ...asReadOnly(entry), description: "" }]);
  const fields = signature
    .slice(entry.name.length + 1, -1)
    .replaceAll(/ ("(?:[^"\\]|\\.)*")(?=, |$)/g, (_, words: string) => ` /* ${String(JSON.parse(words))} */`);
  const mark = entry.readOnly ? " @readOnly" : "";
  return `/** ${entry.description}${mark} */\ndeclare function ${entry.name}(args: { ${fields} }): unknown;`;
}

const bench = createToolRegistry(createTools(workNamed("chain of 5"), 1)).describe();
const builtin = createToolRegistry(createBuiltinTools({ root: "." })).describe();

console.log(`| form | the benchmark's ${bench.length} tools | the ${builtin.length} built-in ones |`);
console.log("|---|---|---|");
for (const { name, write } of forms) {
  console.log(`| ${name} | ${countTokens(write(bench))} | ${countTokens(write(builtin))} |`);
}
