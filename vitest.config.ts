import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "langgraph-plan-execute": new URL("src/index.ts", import.meta.url).pathname } },
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    ...(process.env.CI ? { maxWorkers: 2 } : {}),
    testTimeout: 20_000,
    hookTimeout: 60_000,
    coverage: { include: ["src/**"], reporter: ["text-summary", "html"] },
  },
});
