import { afterAll, vi } from "vitest";

// Files share a process, so what one of them makes of the environment is not there for the next.
afterAll(() => void vi.unstubAllEnvs());
