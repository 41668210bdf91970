/** The processes that end when ours does. */
const PIDS = new Set<number>();

/**
 * Sees to it that a process ends when ours does. Most servers end by themselves when their input closes, but nothing
 * makes them. The returned function forgets the process, which is due as soon as it has ended: another may get its id.
 */
export function endsWithUs(pid: number): () => void {
  if (PIDS.size === 0) {
    process.on("exit", endAll);
  }
  PIDS.add(pid);
  return () => {
    PIDS.delete(pid);
    if (PIDS.size === 0) {
      process.off("exit", endAll);
    }
  };
}

function endAll(): void {
  for (const pid of PIDS) {
    try {
      process.kill(pid);
    } catch {
      // It has ended already.
    }
  }
}
