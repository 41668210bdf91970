// Owns: the commands for audit logs.
// Gives: `verifyAudit` and `showAudit`.
// Does not touch: threads and agents. A log is read where it lies.
export { showAudit } from "./show-audit.js";
export { verifyAudit } from "./verify-audit.js";
