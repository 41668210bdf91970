// Documents are data. A sentence that speaks to the reader's machine is neither a claim nor evidence for one. What this
// does not recognize still only ever stands in the answer as a quotation with its source.
const INSTRUCTIONS = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}\b(?:instructions?|prompts?|rules?|above|previous|earlier|findings?|sources?)\b/i,
  /^\W*(?:system|assistant|user|developer|human|ai)\s*:/i,
  /\byou (?:must|should|will|are to|are now|have to)\b/i,
  /\b(?:language model|chat ?bot|ai (?:agent|assistant|model)|llm)s?\b.{0,80}\b(?:must|should|shall|answer|reply|say|call|output|delete|report)\b/i,
  /^\W*(?:please\s+)?(?:answer|reply|respond|say|report|state|write|delete|call|run|execute|send|output)\b.{0,60}\b(?:that|every|all|instead|only|the user|tool)\b/i,
];

/** Whether a sentence tells the reader what to do or to answer, instead of saying how something is. */
export function isInstruction(sentence: string): boolean {
  return INSTRUCTIONS.some((pattern) => pattern.test(sentence));
}
