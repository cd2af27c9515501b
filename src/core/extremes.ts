// The largest and the smallest of any number of values. Math.max(...values) takes its values as arguments, and in a
// browser's worker some 100,000 of them are too many.

/** @returns `least` when there are none, or none is larger */
export function largestOf(values: Iterable<number>, least = -Infinity): number {
  let largest = least
  for (const value of values) largest = Math.max(largest, value)
  return largest
}

/** @returns `most` when there are none, or none is smaller */
export function smallestOf(values: Iterable<number>, most = Infinity): number {
  let smallest = most
  for (const value of values) smallest = Math.min(smallest, value)
  return smallest
}
