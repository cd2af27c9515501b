// Which of WebLLM's models are offered, with what its own list says of them: that list is in the library, which is 6 MB
// and comes only when a model is loaded. list.test.ts compares the two.

/** Version of the compiled libraries below. */
export const libraryVersion = 'v0_2_86/base'
const weights = 'https://huggingface.co/mlc-ai/'
const libraries = `https://raw.githubusercontent.com/mlc-ai/binary-mlc-llm-libs/main/web-llm-models/${libraryVersion}/`

/** id, repository when it is called otherwise, library, graphics memory in MB, context window, history of recurrent layers. */
type Row = readonly [string, string | null, string, number, number | null, number | null]

const rows: readonly Row[] = [
  ['Llama-3.2-1B-Instruct-q4f32_1-MLC', null, 'Llama-3.2-1B-Instruct-q4f32_1_cs1k', 1128.82, 4096, null],
  ['Llama-3.2-1B-Instruct-q4f16_1-MLC', null, 'Llama-3.2-1B-Instruct-q4f16_1_cs1k', 879.04, 4096, null],
  ['Llama-3.2-1B-Instruct-q0f32-MLC', null, 'Llama-3.2-1B-Instruct-q0f32_cs1k', 5106.26, 4096, null],
  ['Llama-3.2-1B-Instruct-q0f16-MLC', null, 'Llama-3.2-1B-Instruct-q0f16_cs1k', 2573.13, 4096, null],
  ['Llama-3.2-3B-Instruct-q4f32_1-MLC', null, 'Llama-3.2-3B-Instruct-q4f32_1_cs1k', 2951.51, 4096, null],
  ['Llama-3.2-3B-Instruct-q4f16_1-MLC', null, 'Llama-3.2-3B-Instruct-q4f16_1_cs1k', 2263.69, 4096, null],
  ['Llama-3.1-8B-Instruct-q4f32_1-MLC', null, 'Llama-3_1-8B-Instruct-q4f32_1_cs1k', 6101.01, 4096, null],
  ['Llama-3.1-8B-Instruct-q4f16_1-MLC', null, 'Llama-3_1-8B-Instruct-q4f16_1_cs1k', 5001, 4096, null],
  ['Hermes-3-Llama-3.2-3B-q4f32_1-MLC', null, 'Llama-3.2-3B-Instruct-q4f32_1_cs1k', 2951.51, 4096, null],
  ['Hermes-3-Llama-3.2-3B-q4f16_1-MLC', null, 'Llama-3.2-3B-Instruct-q4f16_1_cs1k', 2263.69, 4096, null],
  ['Phi-4-mini-instruct-q4f16_1-MLC', null, 'Phi-4-mini-instruct-q4f16_1_cs1k', 3437.58, 4096, null],
  ['Phi-4-mini-instruct-q4f32_1-MLC', null, 'Phi-4-mini-instruct-q4f32_1_cs1k', 4220.59, 4096, null],
  ['SmolLM2-1.7B-Instruct-q4f16_1-MLC', null, 'SmolLM2-1.7B-Instruct-q4f16_1_cs1k', 1774.19, 4096, null],
  ['SmolLM2-1.7B-Instruct-q4f32_1-MLC', null, 'SmolLM2-1.7B-Instruct-q4f32_1_cs1k', 2692.38, 4096, null],
  ['SmolLM2-360M-Instruct-q0f16-MLC', null, 'SmolLM2-360M-Instruct-q0f16_cs1k', 871.99, 4096, null],
  ['SmolLM2-360M-Instruct-q0f32-MLC', null, 'SmolLM2-360M-Instruct-q0f32_cs1k', 1743.99, 4096, null],
  ['SmolLM2-360M-Instruct-q4f16_1-MLC', null, 'SmolLM2-360M-Instruct-q4f16_1_cs1k', 376.06, 4096, null],
  ['SmolLM2-360M-Instruct-q4f32_1-MLC', null, 'SmolLM2-360M-Instruct-q4f32_1_cs1k', 579.61, 4096, null],
  ['SmolLM2-135M-Instruct-q0f16-MLC', null, 'SmolLM2-135M-Instruct-q0f16_cs1k', 359.69, 4096, null],
  ['SmolLM2-135M-Instruct-q0f32-MLC', null, 'SmolLM2-135M-Instruct-q0f32_cs1k', 719.38, 4096, null],
  ['gemma-2-2b-it-q4f16_1-MLC', null, 'gemma-2-2b-it-q4f16_1_cs1k', 1895.3, 4096, null],
  ['gemma-2-2b-it-q4f32_1-MLC', null, 'gemma-2-2b-it-q4f32_1_cs1k', 2508.75, 4096, null],
  ['gemma3-1b-it-q4f16_1-MLC', null, 'gemma3-1b-it-q4f16_1_cs1k', 711.07, 4096, null],
  ['Qwen3-0.6B-q4f16_1-MLC', null, 'Qwen3-0.6B-q4f16_1_cs1k', 1403.34, 4096, null],
  ['Qwen3-0.6B-q4f32_1-MLC', null, 'Qwen3-0.6B-q4f32_1_cs1k', 1924.98, 4096, null],
  ['Qwen3-0.6B-q0f16-MLC', null, 'Qwen3-0.6B-q0f16_cs1k', 2220.38, 4096, null],
  ['Qwen3-0.6B-q0f32-MLC', null, 'Qwen3-0.6B-q0f32_cs1k', 3843.25, 4096, null],
  ['Qwen3-1.7B-q4f16_1-MLC', null, 'Qwen3-1.7B-q4f16_1_cs1k', 2036.66, 4096, null],
  ['Qwen3-1.7B-q4f32_1-MLC', null, 'Qwen3-1.7B-q4f32_1_cs1k', 2635.44, 4096, null],
  ['Qwen3-4B-q4f16_1-MLC', null, 'Qwen3-4B-q4f16_1_cs1k', 3431.59, 4096, null],
  ['Qwen3-4B-q4f32_1-MLC', null, 'Qwen3-4B-q4f32_1_cs1k', 4327.71, 4096, null],
  ['Qwen3-8B-q4f16_1-MLC', null, 'Qwen3-8B-q4f16_1_cs1k', 5695.78, 4096, null],
  ['Qwen3-8B-q4f32_1-MLC', null, 'Qwen3-8B-q4f32_1_cs1k', 6852.55, 4096, null],
  ['Qwen3.5-0.8B-q4f16_1-MLC', null, 'Qwen3.5-0.8B-q4f16_1_cs1k', 1629.49, 4096, 1],
  ['Qwen3.5-0.8B-q4f32_1-MLC', null, 'Qwen3.5-0.8B-q4f32_1_cs1k', 1894.19, 4096, 1],
  ['Qwen3.5-0.8B-q0f16-MLC', null, 'Qwen3.5-0.8B-q0f16_cs1k', 2660.27, 4096, 1],
  ['Qwen3.5-2B-q4f16_1-MLC', null, 'Qwen3.5-2B-q4f16_1_cs1k', 2245.44, 4096, 1],
  ['Qwen3.5-2B-q4f32_1-MLC', null, 'Qwen3.5-2B-q4f32_1_cs1k', 2591.55, 4096, 1],
  ['Qwen3.5-4B-q4f16_1-MLC', null, 'Qwen3.5-4B-q4f16_1_cs1k', 3867.82, 4096, 1],
  ['Qwen3.5-4B-q4f32_1-MLC', null, 'Qwen3.5-4B-q4f32_1_cs1k', 4680.36, 4096, 1],
  ['Qwen3.5-9B-q4f16_1-MLC', null, 'Qwen3.5-9B-q4f16_1_cs1k', 6433.01, 4096, 1],
  ['Qwen3.5-9B-q4f32_1-MLC', null, 'Qwen3.5-9B-q4f32_1_cs1k', 7544.74, 4096, 1],
  ['Qwen2.5-0.5B-Instruct-q4f16_1-MLC', null, 'Qwen2-0.5B-Instruct-q4f16_1_cs1k', 944.62, 4096, null],
  ['Qwen2.5-0.5B-Instruct-q4f32_1-MLC', null, 'Qwen2-0.5B-Instruct-q4f32_1_cs1k', 1060.2, 4096, null],
  ['Qwen2.5-0.5B-Instruct-q0f16-MLC', null, 'Qwen2-0.5B-Instruct-q0f16_cs1k', 1624.12, 4096, null],
  ['Qwen2.5-0.5B-Instruct-q0f32-MLC', null, 'Qwen2-0.5B-Instruct-q0f32_cs1k', 2654.75, 4096, null],
  ['Qwen2.5-1.5B-Instruct-q4f16_1-MLC', null, 'Qwen2-1.5B-Instruct-q4f16_1_cs1k', 1629.75, 4096, null],
  ['Qwen2.5-1.5B-Instruct-q4f32_1-MLC', null, 'Qwen2-1.5B-Instruct-q4f32_1_cs1k', 1888.97, 4096, null],
  ['Qwen2.5-3B-Instruct-q4f16_1-MLC', null, 'Qwen2.5-3B-Instruct-q4f16_1_cs1k', 2504.76, 4096, null],
  ['Qwen2.5-3B-Instruct-q4f32_1-MLC', null, 'Qwen2.5-3B-Instruct-q4f32_1_cs1k', 2893.64, 4096, null],
  ['Qwen2.5-7B-Instruct-q4f16_1-MLC', null, 'Qwen2-7B-Instruct-q4f16_1_cs1k', 5106.67, 4096, null],
  ['Qwen2.5-7B-Instruct-q4f32_1-MLC', null, 'Qwen2-7B-Instruct-q4f32_1_cs1k', 5900.09, 4096, null],
  ['snowflake-arctic-embed-m-q0f32-MLC-b32', 'snowflake-arctic-embed-m-q0f32-MLC', 'snowflake-arctic-embed-m-q0f32-ctx512_cs512_batch32', 1407.51, null, null],
  ['snowflake-arctic-embed-m-q0f32-MLC-b4', 'snowflake-arctic-embed-m-q0f32-MLC', 'snowflake-arctic-embed-m-q0f32-ctx512_cs512_batch4', 539.4, null, null],
  ['snowflake-arctic-embed-s-q0f32-MLC-b32', 'snowflake-arctic-embed-s-q0f32-MLC', 'snowflake-arctic-embed-s-q0f32-ctx512_cs512_batch32', 1022.82, null, null],
  ['snowflake-arctic-embed-s-q0f32-MLC-b4', 'snowflake-arctic-embed-s-q0f32-MLC', 'snowflake-arctic-embed-s-q0f32-ctx512_cs512_batch4', 238.71, null, null],
]

export interface ListedModel {
  id: string
  url: string
  library: string
  vramMegabytes: number
  window: number | null
  history: number | null
}

/** Instruction-tuned text models of families that follow a protocol, and embedding models; none with a window of 1k. */
export const listed: readonly ListedModel[] = rows.map(([id, repository, library, vramMegabytes, window, history]) => ({
  id,
  url: `${weights}${repository ?? id}`,
  library: `${libraries}${library}-webgpu.wasm`,
  vramMegabytes,
  window,
  history,
}))
