/** A document of the library. */
export interface LibraryDocument {
  readonly title: string;
  readonly text: string;
}

/** The library. Some answers need two documents, and some titles are near each other. */
export const documents: readonly LibraryDocument[] = [
  {
    title: "Brightwater Tea",
    text: "Brightwater Tea is a tea merchant in Exeter. Marta Quill founded it in 1987. It has 140 employees.",
  },
  {
    title: "Marta Quill",
    text: "Marta Quill (born 1951 in Dunmore) is a merchant and the founder of Brightwater Tea. She studied in Cork.",
  },
  {
    title: "Larkfield Mills",
    text: "Larkfield Mills makes packaging for tea and coffee. It was founded in 2003 in Tampere and has 85 employees.",
  },
  {
    title: "Larkfield, a village",
    text: "Larkfield is a village of 3,200 people, known for its market on the first Sunday of a month.",
  },
  {
    title: "The Cobalt Lighthouse",
    text: "The Cobalt Lighthouse stands on the island of Senna. It is 46 metres high and was built in 1902.",
  },
  {
    title: "The Senna ferry",
    text: "The ferry to the island of Senna leaves from Port Aldous twice a day and takes 75 minutes.",
  },
  {
    title: "Oolong",
    text: "Oolong is a tea that is partly oxidised. It is best brewed at 90 degrees for three minutes.",
  },
  {
    title: "Jasmine tea",
    text: "Jasmine tea is green tea scented with jasmine flowers. It is best brewed at 80 degrees for two minutes.",
  },
];

const STOP_WORDS = new Set(
  "a an and are at by for from in is it of on or the to was were what when where which who".split(" "),
);

function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
  return new Set(words.filter((word) => !STOP_WORDS.has(word)));
}

/** The two documents that share most words with the query; a word of the title counts twice. */
export function searchLibrary(query: string): readonly LibraryDocument[] {
  const wanted = [...wordsOf(query)];
  const scored = documents.map((document) => {
    const [title, text] = [wordsOf(document.title), wordsOf(document.text)];
    const score = wanted.reduce((sum, word) => sum + (title.has(word) ? 2 : 0) + (text.has(word) ? 1 : 0), 0);
    return { document, score };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, 2)
    .map(({ document }) => document);
}
