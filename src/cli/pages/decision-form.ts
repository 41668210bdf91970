import { drawAsked, type Html, html, type Run, toMoment } from "../../report/index.js";
import {
  type Answer,
  answersTo,
  type Choice,
  type EditKnowledge,
  hintTo,
  type PendingAction,
  type PendingRequest,
  readFormChoice,
  toDecision,
  toEditable,
} from "../asking/index.js";

/** What a form is made and read with. */
export interface FormContext extends EditKnowledge {
  /** The word by which the server knows its own forms. */
  readonly formWord: string;
  /** Under whose name a decision is kept; undefined if the system has none. */
  readonly userName: string | undefined;
}

/** A form that was sent: the answer for the run, or what is wrong with it. */
export type ReadForm =
  | { readonly kind: "answer"; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly kind: "wrong"; readonly problems: readonly string[] };

/** Draws what waits with a form that decides about it. What was typed before stays in it. */
export function drawDecisionForm(
  { state, threadId }: Run,
  { requestId, actionRequests, expiresAt, error }: PendingRequest,
  context: FormContext,
  typed: URLSearchParams = new URLSearchParams(),
): Html {
  const { request } = state;
  const facts = [
    ...(request === null ? [] : [`Since ${toMoment(request.askedAt)} UTC.`]),
    ...(expiresAt === undefined ? [] : [`It takes an answer until ${toMoment(expiresAt)} UTC.`]),
    ...(context.userName === undefined ? [] : [`Decided as ${context.userName}.`]),
  ];
  const asked = actionRequests.map((action, index) => {
    const shown = request?.waiting[index];
    return html`<div class="asked">${shown && drawAsked(shown)}${drawChoices(action, index, context, typed)}</div>`;
  });
  return html`<section class="wait" aria-labelledby="wait-title"><h2 id="wait-title">Waits for you</h2>
<p class="quiet">${facts.join(" ")}</p>
${error !== undefined && html`<p class="error">The last answer was not taken: <bdi>${error}</bdi></p>`}
<form method="post" action="/threads/${encodeURIComponent(threadId)}">
<input type="hidden" name="form" value="${context.formWord}"><input type="hidden" name="request" value="${requestId}">
${asked}
<button type="submit">${actionRequests.length === 1 ? "Decide" : `Decide all ${actionRequests.length}`}</button>
</form></section>`;
}

function drawChoices(
  action: PendingAction,
  index: number,
  context: FormContext,
  typed: URLSearchParams,
): Html {
  const answers = answersTo(action);
  const chosen = typed.get(`choice-${index}`);
  const choices = answers.map(
    (answer, place) =>
      html`<label><input type="radio" name="choice-${index}" value="${place}" required${chosen === String(place) ? html` checked` : false}> ${answer.title} <span class="quiet">(${hintTo(answer)})</span></label>`,
  );
  const hasWords = answers.some(({ words }) => words !== "none");
  const canEdit = answers.some(({ type }) => type === "edit");
  // A browser drops the first line end of a textarea, so there is one to drop.
  return html`<fieldset><legend>Your decision</legend>${choices}</fieldset>
${
  hasWords &&
  html`<label for="words-${index}">Words that go with it</label><textarea id="words-${index}" name="words-${index}" rows="2">
${typed.get(`words-${index}`) ?? ""}</textarea>`
}
${
  canEdit &&
  html`<details class="step"${typed.has(`edit-${index}`) ? html` open` : false}><summary>What an edit does instead</summary><div class="body"><label for="edit-${index}">${action.kind === "action" ? "The arguments, as JSON" : "The steps, one a line"}</label><textarea id="edit-${index}" name="edit-${index}" rows="8" spellcheck="false">
${typed.get(`edit-${index}`) ?? toEditable(action, context.tools, context.dependenciesOf).original}</textarea></div></details>`
}
`;
}

/** Reads a form that was sent. Its answer is bound to the request and to each action that the page showed. */
export function readDecisionForm(
  form: URLSearchParams,
  { state }: Run,
  { requestId, actionRequests }: PendingRequest,
  context: FormContext,
): ReadForm {
  const problems: string[] = [];
  const decisions = actionRequests.flatMap((action, index) => {
    const read = readChoice(form, action, index, context);
    if (Array.isArray(read)) {
      problems.push(...read);
      return [];
    }
    const { actionId } = state.request?.waiting[index] ?? {};
    return [{ ...toDecision(action, read), actionId }];
  });
  return problems.length > 0
    ? { kind: "wrong", problems }
    : { kind: "answer", answer: { requestId, decisions } };
}

function readChoice(
  form: URLSearchParams,
  action: PendingAction,
  index: number,
  context: FormContext,
): Choice | string[] {
  const answers: readonly (Answer | undefined)[] = answersTo(action);
  const answer = answers[Number(form.get(`choice-${index}`) ?? Number.NaN)];
  const words = withPlainEnds(form.get(`words-${index}`)).trim();
  const edit = withPlainEnds(form.get(`edit-${index}`));
  return readFormChoice(action, { answer, words, edit }, context);
}

/** A form sends each line end as two characters. */
function withPlainEnds(text: string | null): string {
  return (text ?? "").replaceAll("\r\n", "\n");
}
