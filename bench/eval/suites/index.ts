import type { Suite } from "../task.js";
import { own } from "./own.js";

/** All suites. */
export const suites: readonly Suite[] = [own];
