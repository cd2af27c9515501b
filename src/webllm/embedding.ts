// Texts to unit vectors with an embedding model in WebLLM (snowflake-arctic-embed).
import type { MLCEngineInterface } from '@mlc-ai/web-llm'

export interface TextEmbedding {
  name: string
  dimensions: number
  engine: Pick<MLCEngineInterface, 'embedding' | 'unload'>
}

/** Texts of one call; the compiled library takes four. */
const batch = 4

/** Arctic's models were trained with [CLS] and [SEP] around a text, and WebLLM's tokenizer puts nothing there. */
const around = (text: string) => `[CLS] ${text} [SEP]`

/** Texts longer than the model's 512 tokens are cut by characters: more than its tokens could hold is never embedded. */
const longest = 1200

export async function embed(engine: Pick<MLCEngineInterface, 'embedding'>, texts: readonly string[]): Promise<Float32Array[]> {
  const vectors: Float32Array[] = []
  for (let from = 0; from < texts.length; from += batch) {
    const input = texts.slice(from, from + batch).map((text) => around(text.slice(0, longest)))
    const { data } = await engine.embedding({ input })
    for (const { embedding } of data.toSorted((a, b) => a.index - b.index)) vectors.push(unit(Float32Array.from(embedding)))
  }
  return vectors
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return length > 0 ? vector.map((x) => x / length) : vector
}
