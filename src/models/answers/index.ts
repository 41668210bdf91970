// Owns: what a model's answer is worth: how long it may be, whether it is whole, whether its words are words at all.
// Gives: the watcher of an attempt, and the functions that judge an answer, cut it and read calls out of its words.
// Does not touch: who asked, and what is done about a useless answer.
export { type AnswerInfo, AnswerWatcher, boundAnswer, cutAnswer, isCutAnswer } from "./answer-watcher.js";
export { brokenCallIn, CutOffError, emptyAnswer, judgeAnswer } from "./judge-answer.js";
export { assertNoEcho, withWrittenCalls } from "./read-words.js";
