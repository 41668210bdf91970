/** Whether LangGraph's serializer writes or reads an object as something else than its JSON, which it tells by these keys. */
export function isSerializedForm(value: object): boolean {
  return "lc" in value || "lg_name" in value;
}
