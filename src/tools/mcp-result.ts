// The result of a tool of an MCP server, as `@langchain/mcp-adapters` gives it: a pair of content and artifacts, in
// either of its two forms of content. Its output is
//
//   (1) its structured content, because the text beside that is for people;
//   (2) else its text, if it has no other blocks;
//   (3) else its blocks. The bytes of a picture, a sound or a file are kept elsewhere, and a reference stands for them.
import { isRecord, withoutUndefined } from "../base/index.js";

/** A picture, a sound or a file. */
export interface Media {
  readonly mimeType: string;
  /** The bytes, as base64. */
  readonly data: string;
}

/** What stands in an output for a picture, a sound or a file. */
export interface MediaReference {
  readonly type: "image" | "audio" | "file";
  readonly mimeType: string;
  /** How many bytes it has. */
  readonly bytes: number;
  /** The address that the server gives it. */
  readonly uri?: string;
  /** The name under which its bytes are kept; left out if they are not. */
  readonly media?: string;
}

/** Keeps bytes, and returns the name under which they are found; undefined if they are not kept. */
export type KeepMedia = (media: Media) => Promise<string | undefined>;

/** The names under which the adapters hand on what is no block, among the artifacts. */
const STRUCTURED = "mcp_structured_content";
const META = "mcp_meta";
/** A plain type of media. It becomes a part of an address, so it must hold nothing else. */
const MIME_TYPE = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;

/** Reads a pair of content and artifacts. Returns another such pair: the output, and what was beside it. */
export async function readMcpResult(
  [content, artifact]: readonly unknown[],
  keep: KeepMedia | undefined,
): Promise<readonly [content: unknown, artifact: unknown]> {
  const artifacts = [artifact].flat().filter(isRecord);
  const structured = artifacts.find(({ type }) => type === STRUCTURED);
  // By default the adapters take resources for artifacts. They are what the tool gave all the same.
  const given = [content, ...artifacts.filter(({ type }) => type !== STRUCTURED && type !== META)].flat();
  const blocks = await Promise.all(given.map((block) => readBlock(block, keep)));
  if (structured !== undefined) {
    const media = blocks.filter((block) => isRecord(block) && block.type !== "text");
    return [structured.data, media.length === 0 ? undefined : media];
  }
  return [blocks.every((block) => typeof block === "string") ? blocks.join("\n") : blocks, undefined];
}

/** Reads one block. A text is the text alone. */
async function readBlock(block: unknown, keep: KeepMedia | undefined): Promise<unknown> {
  if (!isRecord(block)) {
    return block;
  }
  if (block.type === "text") {
    return block.text;
  }
  const found = mediaIn(block);
  if (found === undefined) {
    return block;
  }
  const { media, uri } = found;
  if (keep === undefined) {
    return block;
  }
  const reference: MediaReference = {
    type: typeOf(media.mimeType),
    mimeType: media.mimeType,
    bytes: Buffer.byteLength(media.data, "base64"),
    uri,
    media: await keep(media),
  };
  return withoutUndefined(reference);
}

function typeOf(mimeType: string): MediaReference["type"] {
  const [kind] = mimeType.split("/", 1);
  return kind === "image" || kind === "audio" ? kind : "file";
}

/** Finds the bytes of a block: in LangChain's standard form, as a data URL, or in MCP's own form. */
function mediaIn(block: Readonly<Record<string, unknown>>): { media: Media; uri?: string } | undefined {
  const { image_url: image, resource = {}, metadata = {} } = block;
  const url = isRecord(image) ? image.url : image;
  const [, urlType, urlData] =
    typeof url === "string" ? (/^data:([^;,]*);base64,(.*)$/s.exec(url) ?? []) : [];
  const inner: Readonly<Record<string, unknown>> = isRecord(resource) ? resource : {};
  const data = urlData ?? (block.source_type === "url" ? undefined : block.data) ?? inner.blob;
  const type = urlType ?? block.mime_type ?? block.mimeType ?? inner.mimeType;
  const uri = inner.uri ?? (isRecord(metadata) ? metadata.uri : undefined);
  if (typeof data !== "string") {
    return undefined;
  }
  return {
    media: {
      data,
      mimeType: typeof type === "string" && MIME_TYPE.test(type) ? type : "application/octet-stream",
    },
    uri: typeof uri === "string" ? uri : undefined,
  };
}
