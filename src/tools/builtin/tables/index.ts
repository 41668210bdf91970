// Owns: CSV and JSON as tables, and the query that runs on them.
// Gives: the tools `csv_query` and `json_query`.
// Does not touch: the file system; a `FileRoot` reads the text.
export { createCsvQueryTool } from "./csv-query.js";
export { createJsonQueryTool } from "./json-query.js";
