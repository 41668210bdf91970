import type { PlaybookMove, PlaybookRequest } from "langgraph-plan-execute";
import { type FinanceGoal, isFinanceGoal, readGoal } from "./goal/read-goal.js";
import { PastWork } from "./past-work.js";
import { planReport, planWork } from "./plan-work.js";
import { summarize } from "./summarize.js";
import { PLACE_ORDER } from "./tools/place-order.js";
import { strategySchema } from "./trading/opportunity.js";

/** What the offline model knows of the field; undefined for goals that are none of its own. */
export function playbook(request: PlaybookRequest): PlaybookMove | undefined {
  if (!isFinanceGoal(request.goal)) {
    return undefined;
  }
  const earlier = request.conversation.filter(({ from, text }) => from === "person" && isFinanceGoal(text));
  const words = request.feedback === undefined ? request.goal : `${request.goal}. ${request.feedback}`;
  const goal = readGoal(words, earlier.map(({ text }) => text).reverse());
  if (request.kind === "plan") {
    return plan(goal, request);
  }
  return replan(goal, new PastWork(request.pastSteps));
}

function plan(goal: FinanceGoal, { feedback, goal: asked }: PlaybookRequest): PlaybookMove | undefined {
  if (goal.unknownStrategy !== undefined && (goal.wants.opportunities || goal.wants.orders)) {
    const known = strategySchema.options.join(", ");
    return {
      text: `I know no strategy "${goal.unknownStrategy}", so I did nothing. The strategies are: ${known}.`,
    };
  }
  const move = planWork(goal, { round: 1 });
  if (feedback === undefined) {
    return move;
  }
  // A plan that what was said does not change would be rejected again.
  const unchanged = JSON.stringify(planWork(readGoal(asked), { round: 1 })) === JSON.stringify(move);
  return unchanged ? undefined : move;
}

function replan(goal: FinanceGoal, work: PastWork): PlaybookMove {
  const { trouble, nextRound, notPlaced, placed } = work;
  const decided = notPlaced.filter(({ status }) => status === "rejected");
  if (work.pricesChanged) {
    const except = [...placed, ...decided].flatMap(({ symbol }) => symbol ?? []);
    return planWork(goal, {
      round: nextRound,
      before: work.version,
      except: [...new Set(except)],
      notes: [
        "The prices changed while the work went on; everything was worked out anew.",
        ...decided.map(inWords),
      ],
    });
  }
  const notes = trouble.flatMap(({ tool, description, error }) =>
    tool === PLACE_ORDER && notPlaced.length > 0
      ? notPlaced.map(inWords)
      : [`Not done: ${description}. ${error?.message ?? "It gave no reason."}`],
  );
  const isAboutOrders = trouble.length > 0 && trouble.every(({ tool }) => tool === PLACE_ORDER);
  if (isAboutOrders && goal.wants.report) {
    const round = nextRound - 1;
    const report = planReport(
      goal,
      `report${nextRound}`,
      (id) => (round === 1 ? id : `${id}${round}`),
      notes,
    );
    return { steps: [report], answer: report.id };
  }
  return { text: summarize(work, notes) };
}

function inWords({ symbol, status, why }: PastWork["notPlaced"][number]): string {
  const order = symbol === undefined ? "An order" : `The order of ${symbol}`;
  return status === "rejected" ? `${order} was rejected: ${why}` : `${order} was not placed: ${why}`;
}
