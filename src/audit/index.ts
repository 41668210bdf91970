// Owns: how events are kept for good: the audit log, its check, and the documents that are made of events.
// Gives: `createAuditLog`, `verifyAuditLog`, `toAuditRecord`, `toCloudEvent`.
// Does not touch: runs. It knows events alone.
export { AuditError } from "./audit-error.js";
export { type AuditLog, type AuditLogOptions, createAuditLog } from "./audit-log.js";
export { type AuditRecord, auditRecordSchema, toAuditRecord } from "./audit-record.js";
export { type AgentCloudEvent, type OcsfEvent, toCloudEvent, toOcsfEvent } from "./cloud-event.js";
export type { RedactOptions } from "./redact.js";
export {
  type AuditProblem,
  type AuditVerdict,
  type AuditWriter,
  readAuditLog,
  verifyAuditLog,
} from "./verify-log.js";
