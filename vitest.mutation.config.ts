import { defineConfig } from "vitest/config";

/** The tests of the floors that Stryker mutates, and no others. */
export default defineConfig({
  test: {
    include: ["test/{plan,scheduler,usage,policy}/**/*.test.ts"],
    exclude: ["test/plan/large-input.test.ts", "test/scheduler/many-steps.test.ts"],
    testTimeout: 20_000,
  },
});
