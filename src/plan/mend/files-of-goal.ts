import { mapTexts } from "../../base/index.js";
import type { Plan } from "../plan.js";

/** A path that is nothing but folders and a file's name with its ending. */
const PATH = /^\/?((?:[\w.-]{1,64}\/)+)([\w-]{1,64}(?:\.\w{1,8})+)$/;

/**
 * Puts a file that the goal names where the goal names it. A small model copies a folder from what it was shown, so a
 * folder that the goal does not speak of is taken away. This concerns what acts, because there a wrong place does harm.
 */
export function filesOfGoal(plan: Plan, goal: string, isReadOnly: (tool: string) => boolean): Plan {
  const words = new Set(goal.match(/[\w./-]+/g)?.map((word) => word.replace(/^[./]+|[./]+$/g, "")));
  const said = goal.toLowerCase();
  const place = (text: string) => {
    const [, folders = "", name = ""] = PATH.exec(text) ?? [];
    const isSaid = folders.split("/").some((one) => one !== "" && said.includes(one.toLowerCase()));
    return name !== "" && words.has(name) && !isSaid ? name : text;
  };
  const steps = plan.steps.map((step) =>
    step.args === undefined || step.tool === undefined || isReadOnly(step.tool)
      ? step
      : {
          ...step,
          args: Object.fromEntries(
            Object.entries(step.args).map(([key, value]) => [key, mapTexts(value, place)]),
          ),
        },
  );
  return { ...plan, steps };
}
