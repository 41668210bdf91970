import { describeThreadLock } from "./lock-contract.js";

describeThreadLock({ kind: "memory", url: () => "memory:", isShared: false });
