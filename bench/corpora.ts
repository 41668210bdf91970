// Runs the plan room and the scheduler against public plans: `npx tsx bench/corpora.ts`.

import { checkAsyncHow } from "./corpora/asynchow.js";
import { hasCorpora } from "./corpora/corpus.js";
import { checkLlmPlans } from "./corpora/llm-plans.js";
import { checkNestful } from "./corpora/nestful.js";
import { checkWorfBench } from "./corpora/worfbench.js";

const maxMissesShown = 10;

const checks = {
  "llm-plans": checkLlmPlans,
  nestful: checkNestful,
  worfbench: checkWorfBench,
  asynchow: checkAsyncHow,
};

if (hasCorpora()) {
  for (const [name, check] of Object.entries(checks)) {
    const { summary, misses } = await check();
    console.log(`${name}: ${summary}; ${misses.length} misses`);
    for (const miss of misses.slice(0, maxMissesShown)) {
      console.log(`  ${miss}`);
    }
    if (misses.length > 0) {
      process.exitCode = 1;
    }
  }
} else {
  console.log("The corpora are not on this machine (../shared/data): nothing to check.");
}
