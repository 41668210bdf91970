import { readdir, readFile, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { parsePrices } from "./parse-prices.js";
import type { PriceTable } from "./price-table.js";

const USUAL_FILE = "prices.csv";

/** The folder of price files: read anew each time, since prices change. */
export class PriceFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The prices of a file of the folder; without a name of prices.csv, or of the only CSV file that there is. */
  async read(file?: string): Promise<PriceTable> {
    const name = file ?? (await this.#findFile());
    const path = resolve(this.#folder, name);
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) {
      throw new Error(`There is no price file "${name}" in ${this.#folder}. ${await this.#describeFiles()}`);
    }
    const ways = [relative(await realpath(this.#folder), real), relative(this.#folder, path)];
    if (ways.some((way) => isAbsolute(way) || way.split(sep).some((part) => part.startsWith(".")))) {
      throw new Error(`"${name}" is outside the folder of price files, ${this.#folder}, or hidden.`);
    }
    return parsePrices(await readFile(real, "utf8"), name);
  }

  async #findFile(): Promise<string> {
    const files = await this.#files();
    const [only] = files;
    if (files.includes(USUAL_FILE)) {
      return USUAL_FILE;
    }
    if (only !== undefined && files.length === 1) {
      return only;
    }
    throw new Error(`Which price file is meant is not clear. ${await this.#describeFiles()}`);
  }

  async #files(): Promise<string[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    return entries
      .flatMap((entry) => (entry.isDirectory() || !/\.csv$/i.test(entry.name) ? [] : [entry.name]))
      .sort();
  }

  async #describeFiles(): Promise<string> {
    const files = await this.#files();
    return files.length === 0
      ? `There is no CSV file in ${join(this.#folder)}.`
      : `The CSV files there are: ${files.join(", ")}.`;
  }
}
