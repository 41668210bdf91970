/** Whether LangGraph's serializer writes or reads an object as something other than JSON. These keys tell it so. */
export function isSerializedForm(value: object): boolean {
  return "lc" in value || "lg_name" in value;
}
