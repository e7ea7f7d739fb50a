/** The array with room for `capacity` elements: itself where it has it, else a longer copy. */
export const grown = <A extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
  array: A,
  capacity: number,
): A => {
  if (array.length >= capacity) return array;
  const longer = new (array.constructor as new (length: number) => A)(capacity);
  longer.set(array);
  return longer;
};
