/**
 * The words of a command line such as `code --wait`. Quotes keep a word together, and nothing else has a meaning:
 * no variables, no globs, no second command.
 */
export function splitCommand(command: string): string[] {
  const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single),
  );
}
