/** An answer from the command line with the name of who gave it; what is no object has no place for it. */
export function withDecider(resume: unknown, userName: string | undefined): unknown {
  if (userName === undefined) return resume;
  if (resume === "approve" || resume === "reject") {
    return { decisions: [{ type: resume }], decidedBy: userName };
  }
  return typeof resume === "object" && resume !== null && !Array.isArray(resume)
    ? { decidedBy: userName, ...resume }
    : resume;
}
