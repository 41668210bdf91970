import { soakCases } from "../soak/soak-cases.js";
import type { ChaosCase } from "./case.js";
import { editCases } from "./kill/edit-cases.js";
import { killCases } from "./kill/kill-cases.js";
import { lockCases } from "./kill/lock-cases.js";

/** What the chaos program does, one case after the other. */
export const cases: readonly ChaosCase[] = [...killCases, ...lockCases, ...editCases, ...soakCases];
