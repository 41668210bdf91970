export { runSchedule } from "./run-schedule.js";
export type {
  AbandonedStep,
  ScheduledStep,
  ScheduleOptions,
  ScheduleOrder,
  ScheduleResult,
  Settlement,
  SkippedStep,
} from "./schedule.js";
export { createSlots, type Priority, type Release, type Slots } from "./slots.js";
