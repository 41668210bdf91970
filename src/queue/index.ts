// Owns: the queue on PostgreSQL: what a job is, who may write to a thread, the order of tenants, workers, what is removed.
// Gives: `createQueue`, and `migrateDatabase` for all tables.
// Does not touch: how a turn is carried out, and what pg-boss does: keeping jobs, heartbeats, retries and schedules.
export { createQueue } from "./create-queue.js";
export { type DatabaseChanges, type MigrateOptions, migrateDatabase } from "./migrate-database.js";
export type { QueueDatabase } from "./pg-boss.js";
export type {
  Queue,
  QueueAnswer,
  QueueInput,
  QueueOptions,
  QueueStatus,
  StartOptions,
  StoreOptions,
} from "./queue.js";
export { QueueError } from "./queue-error.js";
export type { RetentionOptions } from "./retention.js";
export type { QueueWorker, WorkerOptions } from "./start-worker.js";
export type { TenantLimits } from "./tenants/index.js";
export type { QueueProblem } from "./worker.js";
