import fc from "fast-check";
import { afterAll, vi } from "vitest";

// A newcomer's tests all meet the same values. CI's are random, and fast-check prints the seed that failed.
if (process.env.CI === undefined) {
  fc.configureGlobal({ seed: 20_261_129 });
}

// Files share a process, so what one of them makes of the environment is not there for the next.
afterAll(() => void vi.unstubAllEnvs());
