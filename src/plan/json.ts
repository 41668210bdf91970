/** A value that JSON can hold: the only kind of data that the state, the plan and the events carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
