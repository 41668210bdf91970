import type { JsonValue, PlaybookMove, PlaybookStep } from "langgraph-plan-execute";
import type { FinanceGoal } from "./goal/read-goal.js";
import { PLACE_ORDER } from "./tools/place-order.js";
import { orderSchema } from "./trading/opportunity.js";

/** What a round of work is planned with, beside the goal. */
export interface Round {
  /** Its number, from 1. */
  readonly round: number;
  /** The version of the prices before they changed. */
  readonly before?: string;
  /** Symbols that get no order any more. */
  readonly except?: readonly string[];
  readonly notes?: readonly string[];
}

/** The steps from the prices to the report, as far as the goal wants them. */
export function planWork(goal: FinanceGoal, { round, before, except = [], notes = [] }: Round): PlaybookMove {
  const name = (id: string) => (round === 1 ? id : `${id}${round}`);
  const { file, symbols, settings, limits, wants, quantity, sides } = goal;
  const prices = name("prices");
  const meant = { file: `{{${prices}.file}}`, version: `{{${prices}.version}}` };
  const { oversold: _, overbought: __, within: ___, ...periods } = settings;
  const steps: PlaybookStep[] = [
    {
      id: prices,
      description: "Load the prices",
      tool: "load_prices",
      args: known({ file, symbols, before }),
    },
  ];
  if (wants.indicators) {
    steps.push({
      id: name("indicators"),
      description: "Work out the indicators",
      tool: "compute_indicators",
      args: known({ ...meant, symbols, ...periods }),
    });
  }
  if (wants.opportunities) {
    steps.push({
      id: name("opportunities"),
      description: `Find opportunities by ${goal.strategies.join(", ")}`,
      tool: "find_opportunities",
      args: known({ ...meant, symbols, ...settings, strategies: goal.strategies }),
    });
  }
  if (wants.account) {
    steps.push({ id: name("account"), description: "Read the account", tool: "read_account", args: meant });
  }
  if (wants.orders) {
    const opportunities = wants.opportunities
      ? `{{${name("opportunities")}.opportunities}}`
      : toJson(goal.named);
    steps.push(
      {
        id: name("risk"),
        description: "Size the orders within the limits",
        tool: "check_risk",
        args: known({
          ...meant,
          opportunities,
          ...limits,
          quantity,
          sides,
          except: except.length === 0 ? undefined : except,
        }),
      },
      {
        id: name("orders"),
        description: "Place the orders",
        tool: PLACE_ORDER,
        forEach: `{{${name("risk")}.orders}}`,
        args: Object.fromEntries(Object.keys(orderSchema.shape).map((key) => [key, `{{item.${key}}}`])),
      },
    );
  }
  if (!wants.report) {
    return { steps };
  }
  const report = planReport(goal, name("report"), name, notes);
  return { steps: [...steps, report], answer: report.id };
}

/** The step that writes the report on a round's steps. */
export function planReport(
  { wants, named, formats, reportName }: FinanceGoal,
  id: string,
  name: (id: string) => string,
  notes: readonly string[],
): PlaybookStep {
  const found = `{{${name("opportunities")}`;
  return {
    id,
    description: "Write the report",
    tool: "write_report",
    args: known({
      file: `{{${name("prices")}.file}}`,
      version: `{{${name("prices")}.version}}`,
      indicators: wants.indicators ? `{{${name("indicators")}.indicators}}` : undefined,
      opportunities: wants.opportunities ? `${found}.opportunities}}` : undefined,
      leftOut: wants.opportunities ? `${found}.leftOut}}` : undefined,
      ...(named.length > 0 ? { opportunities: toJson(named) } : {}),
      risk: wants.orders ? `{{${name("risk")}}}` : undefined,
      notes: notes.length === 0 ? undefined : notes,
      formats,
      name: reportName,
    }),
  };
}

/** The arguments that are known: the others are left to the tool. */
function known(args: Readonly<Record<string, unknown>>): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(args).flatMap(([key, value]) => (value === undefined ? [] : [[key, toJson(value)]])),
  );
}

function toJson(value: unknown): JsonValue {
  const copy: JsonValue = JSON.parse(JSON.stringify(value));
  return copy;
}
