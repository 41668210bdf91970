import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: [
      {
        find: /^langgraph-plan-execute$/,
        replacement: fileURLToPath(new URL("src/index.ts", import.meta.url)),
      },
      {
        find: /^langgraph-plan-execute\/graphs\/(.*)$/,
        replacement: fileURLToPath(new URL("graphs/$1.ts", import.meta.url)),
      },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/browser/**"],
    pool: "forks",
    ...(process.env.CI ? { maxWorkers: 2 } : {}),
    testTimeout: 20_000,
    hookTimeout: 60_000,
    coverage: { include: ["src/**"], reporter: ["text-summary", "html"] },
  },
});
