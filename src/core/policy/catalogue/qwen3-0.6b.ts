// Qwen3-0.6B: of the family whose 4B model the paper used.
import type { CatalogueEntry } from './entry.ts'

export const qwen3: CatalogueEntry = {
  id: 'qwen3-0.6b',
  name: 'Qwen3-0.6B',
  repository: 'Qwen/Qwen3-0.6B',
  revision: 'c1899de289a04d12100db370d81485cdf75e47ca',
  licence: { name: 'Apache 2.0', url: 'https://huggingface.co/Qwen/Qwen3-0.6B/blob/main/LICENSE' },
  gated: false,
  parameters: 596_049_920,
  shape: {
    model_type: 'qwen3',
    vocab_size: 151_936,
    hidden_size: 1024,
    num_hidden_layers: 28,
    num_attention_heads: 16,
    num_key_value_heads: 8,
    head_dim: 128,
    intermediate_size: 3072,
    rms_norm_eps: 1e-6,
    max_position_embeddings: 40_960,
    tie_word_embeddings: true,
  },
  files: [
    { name: 'config.json', bytes: null, sha256: '660db3b73d788119c04535e48cf9be5f55bc3100841a718637ae695b442f27dd' },
    { name: 'generation_config.json', bytes: null, sha256: '2325da0f15bb848e018c5ae071b7943332e9f871d6b60e2ed22ca97d4cb993d2' },
    { name: 'tokenizer.json', bytes: 11_422_654, sha256: 'aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4' },
    { name: 'tokenizer_config.json', bytes: null, sha256: 'd5d09f07b48c3086c508b30d1c9114bd1189145b74e982a265350c923acd8101' },
    { name: 'model.safetensors', bytes: 1_503_300_328, sha256: 'f47f71177f32bcd101b7573ec9171e6a57f4f4d31148d38e382306f42996874b' },
  ],
}
