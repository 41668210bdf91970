// Owns: when each step starts: as soon as its last dependency has settled and a slot is free.
// Gives: `runSchedule`, which runs steps through a port `runStep(step, signal, priority)`, and slots.
// Does not touch: LangGraph, tools, models. It does not know what a step does.
export { runSchedule } from "./run-schedule.js";
export type { ScheduledStep, ScheduleOrder, Settlement } from "./schedule.js";
export { createSlots, type Priority, type Release, type Slots } from "./slots.js";
