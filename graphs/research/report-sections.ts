import { type Citations, numberCitations, quoteText } from "./citations.js";
import type { Claim, Finding, Relation, Verdict } from "./finding.js";
import { sentencesOf } from "./sentences.js";

/** What a report is written from. */
export interface ReportParts {
  readonly question: string;
  readonly threshold: number;
  /** One for each claim. */
  readonly verdicts: readonly Verdict[];
  readonly relations: readonly Relation[];
  /** Questions on which nothing was found. */
  readonly nothing: readonly string[];
  /** What did not go as it should: services that could not be asked, files that could not be read. */
  readonly notes: readonly string[];
  /** The searches that were made, as words. */
  readonly searched: readonly string[];
}

/** The answer: a summary, or a briefing with the passages and scores behind it. */
export function toReport(parts: ReportParts, format: "summary" | "briefing"): string {
  const citations = numberCitations();
  const supported = parts.verdicts.filter(({ unsupported }) => !unsupported);
  const sections =
    format === "summary"
      ? [
          `**${quoteText(parts.question)}**`,
          supported.length === 0 ? nothingSaid(parts) : "",
          toFacts(parts, supported, citations),
        ]
      : [
          `# Briefing: ${quoteText(parts.question)}`,
          supported.length === 0 ? nothingSaid(parts) : "## What is known",
          toFacts(parts, supported, citations),
        ];
  const title = (text: string) => (format === "summary" ? `**${text}**` : `## ${text}`);
  sections.push(
    toList(title("Where the sources disagree"), toDisagreements(parts, supported, citations)),
    toList(title("Not supported, so not stated above"), toUnsupported(parts, citations)),
    toList(title("Nothing found"), supported.length === 0 ? [] : parts.nothing.map(quoteText)),
    toList(title("Notes"), parts.notes.map(quoteText)),
    ...(format === "briefing" ? [toList(title("How it was checked"), toMethod(parts))] : []),
    toList(title("Sources"), toSources(citations, format)),
  );
  return sections.filter((section) => section !== "").join("\n\n");
}

function nothingSaid({ question, verdicts, searched }: ReportParts): string {
  const where = searched.length === 0 ? "" : ` Searched: ${searched.join("; ")}.`;
  if (verdicts.length === 0) {
    return `Nothing was found on “${quoteText(question)}”.${where}`;
  }
  return `Something was found, but no claim of it is supported by its source.${where}`;
}

/** What is supported and undisputed, by question where there are several. */
function toFacts(
  { verdicts, relations }: ReportParts,
  supported: readonly Verdict[],
  citations: Citations,
): string {
  const questions = [...new Set(verdicts.map(({ claim }) => claim.question))];
  const blocks = questions.map((question) => {
    const facts = supported.filter(
      ({ claim }) => claim.question === question && !isDisputed(claim.id, relations),
    );
    const lines = facts.map((fact) => `- ${toFact(fact, relations, citations)}`);
    if (lines.length === 0) {
      return "";
    }
    return questions.length === 1 ? lines.join("\n") : [`*${quoteText(question)}*`, "", ...lines].join("\n");
  });
  return blocks.filter((block) => block !== "").join("\n\n");
}

function toFact(verdict: Verdict, relations: readonly Relation[], citations: Citations): string {
  const { claim, source } = verdict;
  const agreeing = relations.filter((relation) => relation.claim === claim.id && relation.kind === "agrees");
  const cited = [...(source === undefined ? [] : [source]), ...agreeing.map((relation) => relation.source)];
  const marks = citations.mark(cited);
  const said = source?.id === claim.saidIn.id ? "" : ` (as ${citations.mark([claim.saidIn])} says)`;
  return `${stated(claim)} ${marks}${said}`;
}

function isDisputed(id: string, relations: readonly Relation[]): boolean {
  return relations.some(({ claim, kind }) => claim === id && kind !== "agrees");
}

function toDisagreements(
  { relations }: ReportParts,
  supported: readonly Verdict[],
  citations: Citations,
): string[] {
  const told = new Set<string>();
  return supported.flatMap(({ claim, source }) => {
    const others = relations.filter((relation) => relation.claim === claim.id && relation.kind !== "agrees");
    const fresh = others.filter(({ says }) => !told.has([claim.text, says].sort().join("\n")));
    for (const { says } of fresh) {
      told.add([claim.text, says].sort().join("\n"));
    }
    if (fresh.length === 0) {
      return [];
    }
    const agreeing = relations.filter(
      (relation) => relation.claim === claim.id && relation.kind === "agrees",
    );
    const marks = citations.mark([source ?? claim.saidIn, ...agreeing.map((relation) => relation.source)]);
    const against = fresh.map(
      ({ says, kind, source: other }) =>
        `“${quoteText(says)}” ${citations.mark([other])} (${kind === "denies" ? "denied" : "other numbers"})`,
    );
    return [`${stated(claim)} ${marks}, but ${against.join(" and ")}`];
  });
}

function toUnsupported({ verdicts }: ReportParts, citations: Citations): string[] {
  return verdicts
    .filter(({ unsupported }) => unsupported)
    .map(({ claim, threshold, reason, source, quote }) => {
      const said = `${stated(claim)}, said in ${citations.mark([claim.saidIn])}`;
      const nearest =
        source === undefined ? "" : ` What comes nearest: “${quoteText(quote)}” ${citations.mark([source])}.`;
      return `${said}: ${quoteText(reason)}, and ${threshold} is wanted.${nearest}`;
    });
}

/** A claim: quoted where it is a sentence of the passage in which it was found, else as somebody put it. */
function stated({ text, saidIn }: Claim): string {
  const isQuotation = sentencesOf(saidIn.text).some((sentence) => sentence.text === text);
  return isQuotation ? `“${quoteText(text)}”` : quoteText(text);
}

function toMethod({ verdicts, searched, threshold }: ReportParts): string[] {
  const scores = verdicts.map(({ claim, score }) => `${claim.id} ${score}`).join(", ");
  return [
    `Searched: ${searched.join("; ")}.`,
    `Each claim was compared with the passage that it cites: the share of its words that are there, and every number. The least support was ${threshold}.`,
    ...(scores === "" ? [] : [`Support, by claim: ${scores}.`]),
  ];
}

function toSources(citations: Citations, format: "summary" | "briefing"): string[] {
  return citations.list().map(({ number, source }) => {
    const line = `[${number}] ${toPlace(source)}`;
    return format === "summary" ? line : `${line}: “${quoteText(source.text)}”`;
  });
}

function toPlace({ title, document, lines, section, provider }: Finding): string {
  const range =
    lines === undefined
      ? ""
      : lines[0] === lines[1]
        ? `, line ${lines[0]}`
        : `, lines ${lines[0]}–${lines[1]}`;
  const under = section === undefined ? "" : `, “${quoteText(section)}”`;
  const by = provider === "documents" ? "" : `, found by ${provider}`;
  return `${quoteText(title)} (${quoteText(document)}${range}${under}${by})`;
}

function toList(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [title, "", ...lines.map((line) => `- ${line}`)].join("\n");
}
