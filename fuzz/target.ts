// What a reader that is fuzzed looks like to the runner. Knows no reader.
import type { Random } from '../src/core/random.ts'

export interface Input {
  /** What is handed to the reader, as it is written down when it fails: text as it is, bytes as base64. */
  text: string
  /** Bytes of it, for the time a kilobyte. */
  size: number
  /** Runs the reader on it. Resolves when it was read or refused as it should; throws with what is wrong otherwise. */
  run(): unknown
}

export interface Target {
  name: string
  /** Its inputs: each follows from its own random numbers alone. */
  generators: Readonly<Record<string, (random: Random) => Input>>
  /** Inputs that are as they should be, from which the others are made: each must be read. */
  valid?: readonly Input[]
  /** ms that an input may take beside a tenth of a second, for each kilobyte of it; 10 when left out. */
  perKilobyte?: number
  /** Errors that the reader documents, by name. */
  expected: readonly string[]
}

/** Thrown where a reader returned what it should not. */
export class WrongResult extends Error {
  override readonly name = 'WrongResult'
}
