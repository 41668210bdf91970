import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { cosineSimilarity } from "@langchain/core/utils/math";

interface EmbeddedTool {
  readonly name: string;
  readonly description: string;
}

/** Ranks all tools by how near their meaning is to a text's: returns their names, the nearest first. */
export type MeaningSearch = (text: string) => Promise<string[]>;

/** Makes a search by vectors. Those of the tools are asked for once, and again if that failed. */
export function createMeaningSearch(
  tools: readonly EmbeddedTool[],
  embeddings: EmbeddingsInterface,
): MeaningSearch {
  let asked: Promise<number[][]> | undefined;
  const vectorsOfTools = () => {
    asked ??= embeddings
      .embedDocuments(tools.map(({ name, description }) => `${name}: ${description}`))
      .catch((error: unknown) => {
        asked = undefined;
        throw error;
      });
    return asked;
  };
  return async (text) => {
    const [vectors, vector] = await Promise.all([vectorsOfTools(), embeddings.embedQuery(text)]);
    const [likeness = []] = cosineSimilarity([vector], vectors);
    return tools
      .map(({ name }, at) => ({ name, likeness: likeness[at] ?? 0 }))
      .sort((one, other) => other.likeness - one.likeness)
      .map(({ name }) => name);
  };
}
