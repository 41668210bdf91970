// Owns: CSV and JSON as tables, and one query over them.
// Gives: `csv_query` and `json_query`.
// Does not touch: files: it is given text, and pauses so that no query holds the process.
export { createCsvQueryTool } from "./csv-query.js";
export { createJsonQueryTool } from "./json-query.js";
