// What `npm test` runs: everything that needs no server, no process of its own and no long time, with fixed seeds, in at
// most two minutes on two cores. Files share their modules, because loading them anew takes longer than the tests.
// `npm run test:all`, which CI uses, runs all files, each by itself, with random seeds.
import { mergeConfig } from "vitest/config";
import all from "./vitest.config.js";

/** Real servers and processes, long properties, and what measures time. */
const LONG = [
  "test/{browser,docs,durability,server}/**",
  "test/agent/forged-writes.test.ts",
  "test/bench/**",
  "test/checkpoint/*{encrypted-runs,encrypted-store,failed-storage,large-value-files,lock,postgres,retention,sqlite-store}*",
  "test/cli/{kept-options,lost-output,processes}.test.ts",
  "test/frozen/{surface,threads}.test.ts",
  "test/graphs/support/killed/**",
  "test/langgraph/savers/postgres.test.ts",
  "test/models/openai-misbehaves.test.ts",
  "test/plan/large-input.test.ts",
  "test/repository/two-builds.test.ts",
  "test/runtime/middleware/hostile-middleware.test.ts",
  "test/runtime/planning/{hostile-plans,model-calls,planner-fuzz}.test.ts",
  "test/runtime/run/limits.test.ts",
  "test/runtime/steps/tools-under-load.test.ts",
  "test/tools/builtin/hostile.test.ts",
];

export default mergeConfig(all, {
  test: { exclude: LONG, isolate: false, maxWorkers: 2, setupFiles: ["test/support/quick-setup.ts"] },
});
