// Whether two pieces of plain data are the same. Knows nothing of what they are.

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** In whichever order names were written; a name with undefined is as one that is not there, as in JSON. Not for cycles. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => sameData(a[name], b[name]))
}
