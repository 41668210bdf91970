import fc from "fast-check";
import { afterAll, vi } from "vitest";

// A newcomer's tests all meet the same values. Random ones are for CI, where fast-check prints the seed that failed.
fc.configureGlobal({ seed: 20_261_129 });

// Files share a process, so what one of them makes of the environment is not there for the next.
afterAll(() => void vi.unstubAllEnvs());
