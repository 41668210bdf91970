import { decisionCases } from "./approval/decision-cases.js";
import type { AttackCase } from "./case.js";

/** All attacks, area by area. */
export const cases: readonly AttackCase[] = [...decisionCases];
