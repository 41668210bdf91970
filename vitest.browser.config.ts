// The tests that need a browser: Debian's Chromium, which `npm test` does not ask for.
import { defineConfig } from "vitest/config";
import shared from "./vitest.config.js";

export default defineConfig({
  ...shared,
  test: { ...shared.test, projects: undefined, include: ["test/browser/**/*.test.ts"], testTimeout: 60_000 },
});
