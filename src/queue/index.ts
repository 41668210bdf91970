// Owns: the queue on PostgreSQL: what a job is, who may write to a thread, the order of tenants, workers.
// Gives: `createQueue`.
// Does not touch: how a turn is carried out, and what pg-boss does: keeping jobs, heartbeats, retries and schedules.
export { createQueue } from "./create-queue.js";
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
export type { QueueWorker, WorkerOptions } from "./start-worker.js";
export type { TenantLimits } from "./tenant-limits.js";
export type { QueueProblem } from "./worker.js";
