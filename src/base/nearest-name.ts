const MAX_NAME_LENGTH = 64;
const MAX_CANDIDATES = 200;

/**
 * Creates a function that finds the name that somebody probably meant, by edit distance. The function returns undefined
 * if no name is near. After `budget` searches it stops looking, so that a plan with thousands of errors stays cheap to
 * check.
 */
export function createNearestName(budget = 50) {
  let left = budget;
  return (name: string, candidates: Iterable<string>): string | undefined => {
    left -= 1;
    return left < 0 ? undefined : nearestName(name, candidates);
  };
}

function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.slice(0, MAX_NAME_LENGTH).toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.floor(wanted.length / 3) + 1;
  let count = 0;
  for (const candidate of candidates) {
    count += 1;
    if (count > MAX_CANDIDATES) {
      break;
    }
    const distance = editDistance(wanted, candidate.slice(0, MAX_NAME_LENGTH).toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Counts the characters to insert, delete or replace to turn one text into the other. Two neighbours that changed places
 * count as one.
 */
export function editDistance(one: string, other: string): number {
  const [letters, others] = [[...one], [...other]];
  let before: number[] = [];
  let row = Array.from({ length: others.length + 1 }, (_, index) => index);
  for (const [index, letter] of letters.entries()) {
    const next = [index + 1];
    for (let column = 1; column <= others.length; column += 1) {
      const changed = (row[column - 1] ?? 0) + (letter === others[column - 1] ? 0 : 1);
      const isSwap = letter === others[column - 2] && letters[index - 1] === others[column - 1];
      const swapped = isSwap ? (before[column - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min(changed, swapped, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[others.length] ?? 0;
}
