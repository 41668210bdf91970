import type { ChaosCase } from "../chaos/case.js";
import { hostileAnswersCase } from "./hostile-case.js";
import { leakCase } from "./leak-case.js";
import { manyThreadsCase } from "./many-threads-case.js";
import { turnsCase } from "./turns-case.js";

/** Cases that go on for a long time: nothing may stay behind, get mixed up or grow. */
export const soakCases: readonly ChaosCase[] = [leakCase, hostileAnswersCase, manyThreadsCase, turnsCase];
