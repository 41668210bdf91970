import type { ChaosCase } from "../chaos/case.js";
import { hostileAnswersCase } from "./hostile-case.js";
import { leakCase } from "./leak-case.js";

/** What goes on for long: nothing may stay behind, get mixed up or grow. */
export const soakCases: readonly ChaosCase[] = [leakCase, hostileAnswersCase];
