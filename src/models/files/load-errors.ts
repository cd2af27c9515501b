// What a model can be refused with while it is loaded.

/** Something is missing, damaged, or not what it is called. */
export class ModelLoadError extends Error {
  override readonly name = 'ModelLoadError'
}

/** Thrown before anything large is read. */
export class ModelTooLargeError extends Error {
  override readonly name = 'ModelTooLargeError'
}
