// Three kinds of tests. `npm test` runs the quick ones: they need no server, no process of their own and no long time, and
// take at most two minutes on two cores. `npm run test:all` runs the long ones too, and those that share one development
// server. Files share their modules, because loading them anew takes longer than most tests.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Real servers and processes, long properties, what measures time, and the three largest examples. */
const LONG = [
  "test/{docs,durability,mcp,queue,server}/**/*.test.ts",
  "test/agent/{forged-writes,old-threads}.test.ts",
  "test/audit/processes.test.ts",
  "test/bench/**/*.test.ts",
  "test/checkpoint/*{encrypted-runs,encrypted-store,failed-storage,large-value-files,lock,postgres,retention,sqlite-store}*.test.ts",
  "test/cli/mcp/**/*.test.ts",
  "test/cli/{kept-options,lost-output,processes,serve}.test.ts",
  "test/frozen/{surface,threads}.test.ts",
  "test/graphs/{finance,security}.test.ts",
  "test/graphs/support/**/*.test.ts",
  "test/langgraph/savers/postgres.test.ts",
  "test/models/{act-early-results,openai-misbehaves,tags-time}.test.ts",
  "test/plan/large-input.test.ts",
  "test/repository/two-builds.test.ts",
  "test/runtime/middleware/hostile-middleware.test.ts",
  "test/runtime/planning/{hostile-plans,model-calls,planner-fuzz}.test.ts",
  "test/runtime/run/limits.test.ts",
  "test/runtime/steps/{for-each-turns,tools-under-load}.test.ts",
  "test/streams/**/*.test.ts",
  "test/tools/builtin/hostile.test.ts",
];

/** What uses the development server as any client does, and so needs none of its own. */
const SERVER = "test/server/shared/**/*.test.ts";

export default defineConfig({
  resolve: {
    alias: [
      {
        find: /^langgraph-plan-execute$/,
        replacement: fileURLToPath(new URL("src/index.ts", import.meta.url)),
      },
      {
        find: /^langgraph-plan-execute\/queue$/,
        replacement: fileURLToPath(new URL("src/queue/index.ts", import.meta.url)),
      },
      {
        find: /^langgraph-plan-execute\/graphs\/(.*)$/,
        replacement: fileURLToPath(new URL("graphs/$1.ts", import.meta.url)),
      },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "quick",
          include: ["test/**/*.test.ts"],
          exclude: ["test/browser/**", ...LONG],
          setupFiles: ["test/support/quick-setup.ts"],
        },
      },
      { extends: true, test: { name: "long", include: LONG, exclude: [SERVER] } },
      {
        extends: true,
        test: {
          name: "server",
          include: [SERVER],
          globalSetup: ["test/server/shared/start-server.ts"],
        },
      },
    ],
    pool: "forks",
    isolate: false,
    setupFiles: ["test/support/shared-setup.ts"],
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Some read all sources or run properties: on a full machine they take three times as long as alone.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { include: ["src/**"], reporter: ["text-summary", "html"] },
  },
});
