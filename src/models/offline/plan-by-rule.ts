import type { Plan } from "../../plan/index.js";
import type { Arithmetic } from "./arithmetic-phrases.js";
import { takeArithmetic } from "./arithmetic-requests.js";
import { createArithmetic } from "./arithmetic-words.js";
import { takeCounts } from "./counting.js";
import { Cursor } from "./cursor.js";
import { takeDates, takeSpan } from "./dates.js";
import { takeToolCall } from "./match-tool.js";
import { PlanDraft } from "./plan-draft.js";
import { takeListing, takeReading } from "./reading.js";
import { type Clause, splitGoal } from "./split-goal.js";
import { tableValues, takeTable } from "./table-values.js";
import { allOf, skipAsks, toStep } from "./to-step.js";
import { expandContractions, type Token, toTokens } from "./tokens.js";
import type { ToolCard } from "./tool-card.js";
import type { Result, Value } from "./values.js";
import { LEADS, phrases, TAILS } from "./words.js";
import { takeWriting } from "./writing.js";

/** What a plan is made from. */
export interface RulePlanRequest {
  readonly goal: string;
  readonly tools: readonly ToolCard[];
  /** What "it" can mean before the goal has given anything: results of an earlier turn, inputs of a step. */
  readonly earlier?: readonly Result[];
  /** The file that was spoken of before. */
  readonly file?: string;
}

/** A plan, or what was not understood; a plan that is a lone value needs no step. */
export type RulePlan =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "unclear"; readonly part: string };

/** A request of more words is prose: the rules try every row of words in it, so their time grows with its square. */
const MAX_CLAUSE_TOKENS = 120;
const MAX_GOAL_CHARACTERS = 20_000;

/** Makes a plan by rule: every part of the goal is understood whole, or none is planned. */
export function planByRule(request: RulePlanRequest): RulePlan {
  if (request.goal.length > MAX_GOAL_CHARACTERS) {
    return { kind: "unclear", part: request.goal };
  }
  const source = expandContractions(request.goal);
  const tokens = toTokens(request.goal);
  const clauses = splitGoal(tokens);
  const draft = new PlanDraft(request.tools, request.earlier, request.file);
  let asked: readonly Value[] = [];
  for (let at = 0; at < clauses.length; at += 1) {
    const clause = clauses[at];
    if (clause === undefined) {
      break;
    }
    draft.beginClause(clause.then, clause.item);
    const joined = clauses[at + 1] === undefined ? undefined : join(clause, clauses[at + 1], tokens);
    const alone = readClause(clause, source, draft);
    const values = alone ?? (joined && readClause(joined, source, draft));
    if (values === undefined) {
      return { kind: "unclear", part: said(clause, source) };
    }
    if (alone === undefined) {
      at += 1;
    }
    asked = values.length === 0 ? asked : values;
    for (const value of values) {
      const isNew = !draft.results.some(
        (result) => result.value.text === value.text && value.text.includes("{{"),
      );
      if (isNew) {
        draft.addResult(value, said(clause, source));
      }
    }
  }
  return finish(draft, asked, tokens, request.goal);
}

function finish(draft: PlanDraft, asked: readonly Value[], tokens: readonly Token[], goal: string): RulePlan {
  if (draft.openedFile !== undefined) {
    const isRead = /\b(?:read|open|load|show|view|print|display)\b/i.test(goal);
    const id = isRead
      ? draft.addStep("read_file", { path: draft.openedFile }, `Read ${draft.openedFile}`)
      : undefined;
    if (id === undefined) {
      return { kind: "unclear", part: goal };
    }
  }
  const [only] = asked;
  if (draft.steps.length === 0) {
    return asked.length === 1 && only !== undefined
      ? { kind: "value", text: only.text }
      : { kind: "unclear", part: goal };
  }
  const steps = draft.steps.map((step) => ({ ...step, args: withSelect(draft, step.id, step.args) }));
  const forgotten = forgottenIn(tokens, JSON.stringify(steps.map((step) => step.args)));
  if (forgotten !== undefined) {
    return { kind: "unclear", part: forgotten };
  }
  const answer = answerOf(draft, asked, goal);
  return { kind: "plan", plan: answer === undefined ? { steps } : { steps, answer } };
}

/** A row's name is selected where a later step refers to it. */
function withSelect(draft: PlanDraft, id: string, args: PlanDraft["steps"][number]["args"]): typeof args {
  const name = draft.named.get(id);
  const isUsed = draft.steps.some((step) => JSON.stringify(step.args).includes(`{{${id}.value}}`));
  return name === undefined || !isUsed ? args : { ...args, select: [name] };
}

/** The last step is the answer where its output alone is what was asked. */
function answerOf(draft: PlanDraft, asked: readonly Value[], goal: string): string | undefined {
  const [only] = asked;
  const id = /^\{\{(\w+)\}\}$/.exec(only?.text ?? "")?.[1];
  const step = draft.steps.find((candidate) => candidate.id === id);
  const isPlain = step?.tool === "calculator" || step?.tool === "date_math" || step?.tool === "read_file";
  const isOneQuestion = draft.steps.length === 1 || !/\?.*\?|\bwhat\b.*\bwhat\b/is.test(goal);
  const isAlone =
    isOneQuestion &&
    asked.length === 1 &&
    draft.openResults().length <= 1 &&
    !draft.steps.some(({ tool }) => tool === "write_file");
  return isPlain && isAlone && step === draft.steps.at(-1) ? id : undefined;
}

/** A number or a quoted text that no step uses: the goal was not understood after all. */
function forgottenIn(tokens: readonly Token[], args: string): string | undefined {
  const isPointer = (at: number): boolean =>
    /^(?:step|result|number|task|item|answer|part|the|all|these|those|question|calculation)$/.test(
      tokens[at - 1]?.text ?? "",
    ) ||
    /^(?:results|numbers|values|answers|million|thousand|billion|hundred)$/.test(tokens[at + 1]?.text ?? "");
  const forgotten = tokens.find((token, at) => {
    if (token.kind !== "number" && token.kind !== "quote") {
      return false;
    }
    const text =
      token.kind === "number" ? String(Number(token.text)) : JSON.stringify(token.text).slice(1, -1);
    return !args.includes(text) && !args.includes(token.text) && !args.includes("\\\\{{") && !isPointer(at);
  });
  return forgotten?.raw;
}

/** Two parts as one, where they were parted wrongly. */
function join(first: Clause, second: Clause | undefined, tokens: readonly Token[]): Clause | undefined {
  const start = first.tokens[0]?.start;
  const end = second?.tokens.at(-1)?.end;
  if (start === undefined || end === undefined || second?.then === true) {
    return undefined;
  }
  const both = tokens.filter((token) => token.start >= start && token.end <= end);
  if (both.some((token) => token.kind === "item" || [".", ";", "?", "!"].includes(token.text))) {
    return undefined;
  }
  return { ...first, tokens: both };
}

function said(clause: Clause, source: string): string {
  return new Cursor(clause.tokens, source).rawBetween(0, clause.tokens.length);
}

/** Reads one part of the goal by the first rule that takes all of its words. */
export function readClause(clause: Clause, source: string, draft: PlanDraft): readonly Value[] | undefined {
  if (clause.tokens.length > MAX_CLAUSE_TOKENS) {
    return undefined;
  }
  const cursor = new Cursor(clause.tokens, source);
  const arithmetic = (implied: boolean): Arithmetic => createArithmetic(cursor, draft, otherValues(implied));
  const rules: readonly (() => readonly Value[] | undefined)[] = [
    () => takeListing(arithmetic(false)),
    () => takeWriting(arithmetic(false)),
    () => takeWriting(arithmetic(true)),
    () => takeCountRequest(cursor, draft),
    () => takeDates(cursor, draft),
    () => (draft.openedFile === undefined ? undefined : takeTable(cursor, draft)),
    () => takeArithmetic(arithmetic(false)),
    () => takeTable(cursor, draft),
    () => takeArithmetic(arithmetic(true)),
    () => takeReading(arithmetic(false)),
    () => takeNothingNew(cursor, draft),
    () => takeToolCall(cursor, draft),
  ];
  for (const rule of rules) {
    cursor.at = 0;
    const values = draft.attempt(rule);
    if (values !== undefined) {
      return values;
    }
  }
  return undefined;
}

/** What is no number of its own but may stand inside arithmetic: figures of tables, counts of words, spans of dates. */
function otherValues(implied: boolean): Arithmetic["other"] {
  const tables = tableValues(implied);
  return (cursor, draft) => {
    const found = tables(cursor, draft);
    if (found !== undefined) {
      return found;
    }
    const counts = takeCounts({ cursor, draft });
    return counts?.length === 1 ? counts[0] : takeSpan(cursor, draft);
  };
}

function takeCountRequest(cursor: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  const asks = (): readonly Value[] | undefined => {
    const values = takeCounts({ cursor, draft });
    cursor.skip([...TAILS, "in total", "combined"]);
    return cursor.done && values
      ? allOf(values.map((value) => toStep(draft, value, "words altogether")))
      : undefined;
  };
  return (
    cursor.attempt(() => {
      cursor.skip(LEADS);
      return draft.attempt(asks);
    }) ??
    cursor.attempt(() => {
      skipAsks({ cursor });
      return draft.attempt(asks);
    })
  );
}

/** "and tell me": asks for nothing that was not asked before. */
function takeNothingNew(cursor: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  skipAsks({ cursor });
  cursor.skip([
    ...phrases(`what you find | what you get | about it | the results | the answers | all results | your answer |
      the numbers | me | what do i get | i get | you get | we get | what do you get | what do we get | what is left`),
    ...TAILS,
  ]);
  return cursor.done && draft.steps.length > 0 ? [] : undefined;
}
