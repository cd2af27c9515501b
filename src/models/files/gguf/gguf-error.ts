/** A GGUF file is damaged, or holds what is not read here; says which and what can be done. */
export class GgufError extends Error {
  override readonly name = 'GgufError'
}
