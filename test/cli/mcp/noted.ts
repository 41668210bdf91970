/** Where the tools of the served graph note what they do, and what lets `slow` come to its end, in the current folder. */
export const JOURNAL = "journal";
export const GATE = "gate";
