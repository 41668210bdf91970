// A form by which a person answers what waits.
//
//   (1) Only a form that was accepted, with a choice for each action, decides. Everything else leaves the thread waiting.
//   (2) No choice has a default, so a client that accepts forms by itself decides nothing.
//   (3) The answer is bound to the request and to each action that the form showed.
import { z } from "zod";
import {
  type Answer,
  answersTo,
  describeAction,
  describeExpiry,
  type EditKnowledge,
  hintTo,
  type PendingAction,
  type PendingRequest,
  readFormChoice,
  type ThreadState,
  toDecision,
  toEditable,
} from "../asking/index.js";

/** Shows a form, and gives what came back. */
export type ShowForm = (message: string, schema: object) => Promise<unknown>;

/** How often a form with mistakes is shown again before the thread is left waiting. */
const MAX_FORMS = 5;

const formResultSchema = z.object({
  action: z.string(),
  content: z.record(z.string(), z.unknown()).optional(),
});

/** The value that resumes a run: an answer bound to its request. */
export interface BoundAnswer {
  readonly requestId: string;
  readonly decisions: readonly object[];
}

/** Asks a person by a form. Undefined if they did not decide. */
export async function elicitAnswer(
  request: PendingRequest,
  { values }: ThreadState,
  show: ShowForm,
  { now, ...knowledge }: EditKnowledge & { readonly now: () => number },
): Promise<BoundAnswer | undefined> {
  const { actionRequests, requestId } = request;
  const schema = toFormSchema(actionRequests, knowledge);
  const waiting = values?.request?.id === requestId ? values.request.waiting : [];
  let problems: readonly string[] = request.error === undefined ? [] : [request.error];
  for (let shown = 0; shown < MAX_FORMS; shown += 1) {
    const result = formResultSchema.parse(await show(toMessage(request, problems, knowledge, now()), schema));
    if (result.action !== "accept") {
      return undefined;
    }
    const read = readForm(actionRequests, result.content ?? {}, knowledge);
    if (read.problems.length === 0) {
      const decisions = read.decisions.map((decision, index) => {
        const { actionId } = waiting[index] ?? {};
        return { ...decision, ...(actionId === undefined ? {} : { actionId }) };
      });
      return { requestId, decisions };
    }
    problems = read.problems;
  }
  return undefined;
}

function toMessage(
  { actionRequests, expiresAt }: PendingRequest,
  problems: readonly string[],
  { dependenciesOf }: EditKnowledge,
  nowMs: number,
): string {
  const several = actionRequests.length > 1;
  const actions = actionRequests.map(
    (action, index) => `${several ? `${index + 1}. ` : ""}${describeAction(action, dependenciesOf)}`,
  );
  return [
    ...(problems.length === 0 ? [] : [`Not taken: ${problems.join(" ")}\n`]),
    several
      ? `${actionRequests.length} actions wait for you. Nothing of them is done before you decide.\n`
      : "",
    ...actions,
    ...(expiresAt === undefined ? [] : [describeExpiry(expiresAt, nowMs)]),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** The names of an action's fields: numbered if there are several actions. */
function fieldsOf(index: number, count: number) {
  const end = count === 1 ? "" : `_${index + 1}`;
  return { decision: `decision${end}`, words: `words${end}`, edit: `edit${end}` };
}

function toFormSchema(actions: readonly PendingAction[], knowledge: EditKnowledge): object {
  const shown = actions.map((action, index) => {
    const names = fieldsOf(index, actions.length);
    const of = actions.length === 1 ? "" : ` (${index + 1})`;
    const answers = answersTo(action);
    const hints = answers.map((answer) => `${answer.title}: ${hintTo(answer)}.`).join(" ");
    const words = answers.some((answer) => answer.words !== "none")
      ? { [names.words]: { type: "string", title: `Words that go with it${of}` } }
      : {};
    const edit = answers.some(({ type }) => type === "edit")
      ? { [names.edit]: toEditField(action, of, knowledge) }
      : {};
    const decision = {
      type: "string",
      title: `Your decision${of}`,
      description: hints,
      enum: answers.map(({ title }) => title),
    };
    return { [names.decision]: decision, ...words, ...edit };
  });
  return {
    type: "object",
    properties: Object.assign({}, ...shown),
    required: actions.map((_, index) => fieldsOf(index, actions.length).decision),
  };
}

function toEditField(action: PendingAction, of: string, { tools, dependenciesOf }: EditKnowledge): object {
  const what = action.kind === "action" ? "the arguments, as JSON" : "the steps, one a line";
  return {
    type: "string",
    title: `What an edit does instead${of}`,
    description: `Only for an edit: ${what}.`,
    default: toEditable(action, tools, dependenciesOf).original,
  };
}

function readForm(
  actions: readonly PendingAction[],
  content: Readonly<Record<string, unknown>>,
  knowledge: EditKnowledge,
) {
  const problems: string[] = [];
  const decisions = actions.flatMap((action, index) => {
    const names = fieldsOf(index, actions.length);
    const answers: readonly Answer[] = answersTo(action);
    const filled = {
      answer: answers.find(({ title }) => title === content[names.decision]),
      words: textIn(content, names.words).trim(),
      edit: textIn(content, names.edit),
    };
    const read = readFormChoice(action, filled, knowledge);
    if (Array.isArray(read)) {
      problems.push(...read);
      return [];
    }
    return [toDecision(action, read)];
  });
  return { decisions, problems };
}

function textIn(content: Readonly<Record<string, unknown>>, name: string): string {
  const value = content[name];
  return typeof value === "string" ? value.replaceAll("\r\n", "\n") : "";
}
