// An adapter that an engine outside trained, as training goes on from it. Knows neither file nor model: whoever has the model reads.
import type { AdapterShape, AdapterState, PeftFiles, TrainedPeft } from '../policy/trainable.ts'

export interface Trained {
  lora: AdapterShape
  /** Without moments where the engine gave none. */
  state: AdapterState
}

/** @param steps of its run @param read an adapter in PEFT's form, held against the model. @throws Error of `read` */
export async function trainedFrom({ moments, ...files }: TrainedPeft, steps: number, read: (files: PeftFiles) => Promise<{ lora: AdapterShape; parameters: AdapterState['parameters'] }>): Promise<Trained> {
  const { lora, parameters } = await read(files)
  if (!moments) return { lora, state: { step: steps, parameters, first: new Map(), second: new Map() } }
  // Moments are adapters by their form.
  const of = async (model: PeftFiles['model']) => (await read({ ...files, model })).parameters
  return { lora, state: { step: moments.step, parameters, first: await of(moments.first), second: await of(moments.second) } }
}
