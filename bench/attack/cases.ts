import { answerCases } from "./approval/answer-cases.js";
import { argumentCases } from "./approval/argument-cases.js";
import { contextCases } from "./approval/context-cases.js";
import { decisionCases } from "./approval/decision-cases.js";
import { forgeryCases } from "./approval/forgery-cases.js";
import { momentCases } from "./approval/moment-cases.js";
import { nameCases } from "./approval/name-cases.js";
import { planEditCases } from "./approval/plan-edit-cases.js";
import { replanCases } from "./approval/replan-cases.js";
import { rewritingCases } from "./approval/rewriting-cases.js";
import { ruleCases } from "./approval/rule-cases.js";
import { shownCases } from "./approval/shown-cases.js";
import { spendingCases } from "./approval/spending-cases.js";
import { subgraphCases } from "./approval/subgraph-cases.js";
import type { AttackCase } from "./case.js";
import { fileCases } from "./input/file-cases.js";
import { httpCases } from "./input/http-cases.js";
import { planCases, secretCases } from "./input/plan-cases.js";
import { sizeCases } from "./input/size-cases.js";
import { toolInputCases } from "./input/tool-input-cases.js";
import { databaseCases } from "./process/database-cases.js";
import { keptFlagsCases } from "./process/kept-flags-cases.js";
import { outputCases } from "./process/output-cases.js";
import { tagCases } from "./prompts/tag-cases.js";
import { forgedThreadCases } from "./server/forged-thread-cases.js";
import { routeCases } from "./server/route-cases.js";
import { servedFileCases } from "./server/served-file-cases.js";
import { threadCases } from "./server/thread-cases.js";
import { encryptionCases } from "./storage/encryption-cases.js";
import { steeringCases } from "./storage/steering-cases.js";
import { writeCases } from "./storage/write-cases.js";

/** All attacks, area by area. */
export const cases: readonly AttackCase[] = [
  ...decisionCases,
  ...forgeryCases,
  ...rewritingCases,
  ...answerCases,
  ...argumentCases,
  ...nameCases,
  ...shownCases,
  ...planEditCases,
  ...spendingCases,
  ...momentCases,
  ...replanCases,
  ...subgraphCases,
  ...contextCases,
  ...ruleCases,
  ...fileCases,
  ...httpCases,
  ...sizeCases,
  ...planCases,
  ...secretCases,
  ...toolInputCases,
  ...keptFlagsCases,
  ...outputCases,
  ...databaseCases,
  ...tagCases,
  ...writeCases,
  ...steeringCases,
  ...encryptionCases,
  ...routeCases,
  ...threadCases,
  ...forgedThreadCases,
  ...servedFileCases,
];
