// Llama-3.2-1B-Instruct.
import type { CatalogueEntry } from './entry.ts'

export const llama32: CatalogueEntry = {
  id: 'llama-3.2-1b-instruct',
  name: 'Llama-3.2-1B-Instruct',
  repository: 'meta-llama/Llama-3.2-1B-Instruct',
  revision: '9213176726f574b556790deb65791e0c5aa438b6',
  licence: { name: 'Llama 3.2 Community', url: 'https://huggingface.co/meta-llama/Llama-3.2-1B-Instruct/blob/main/LICENSE.txt' },
  gated: true,
  parameters: 1_235_814_400,
  shape: {
    model_type: 'llama',
    vocab_size: 128_256,
    hidden_size: 2048,
    num_hidden_layers: 16,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    head_dim: 64,
    intermediate_size: 8192,
    rms_norm_eps: 1e-5,
    max_position_embeddings: 131_072,
    tie_word_embeddings: true,
  },
  files: [
    { name: 'config.json', bytes: 877, sha256: '2febf68cea25bf4611be02b7536f2488a5ba523bb1134986e3610152abe74fdb' },
    { name: 'tokenizer.json', bytes: 9_085_657, sha256: '79e3e522635f3171300913bb421464a87de6222182a0570b9b2ccba2a964b2b4' },
    { name: 'tokenizer_config.json', bytes: 54_528, sha256: '9823dcfdc1121869029da45192238e85cf44f0b232a6d9dc20e4fe6f4242a14e' },
    { name: 'model.safetensors', bytes: 2_471_645_608, sha256: '1ff795ff6a07e6a68085d206fb84417da2f083f68391c2843cd2b8ac6df8538f' },
  ],
}
