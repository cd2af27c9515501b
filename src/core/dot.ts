/** Σᵢ aᵢ·bᵢ, added in order; of unit vectors their cosine (eq. 8). */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}
