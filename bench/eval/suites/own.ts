import { checkGoal } from "../score/check-goal.js";
import type { EvalTask, Suite } from "../task.js";
import { createWorld } from "../world/create-world.js";
import { type Goal, goals } from "../world/goals.js";
import { moreGoals } from "../world/more-goals.js";

/** Twenty plain goals of our own, in a small world. */
export const own: Suite = {
  name: "own",
  about: "plain goals over fifteen tools, checked for what was said and done",
  source: "bench/eval/world: our own",
  tasks: goals.map(toTask),
};

/** Ten more, to see whether what helped the twenty helps others. */
export const more: Suite = {
  name: "more",
  about: "plain goals like those of own, which nothing was recorded for",
  source: "bench/eval/world: our own",
  tasks: moreGoals.map(toTask),
};

function toTask(goal: Goal): EvalTask {
  return {
    id: goal.id,
    split: goal.split,
    question: goal.goal,
    async open() {
      const { tools, effects, remove } = await createWorld();
      return {
        tools,
        check: async (answer) => ({ kind: "exact", faults: checkGoal(goal, answer, await effects()) }),
        close: remove,
      };
    },
  };
}
