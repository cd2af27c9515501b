// Qwen2.5-0.5B-Instruct: of the family whose 7B model the paper used.
import type { CatalogueEntry } from './entry.ts'

export const qwen25: CatalogueEntry = {
  id: 'qwen2.5-0.5b-instruct',
  name: 'Qwen2.5-0.5B-Instruct',
  repository: 'Qwen/Qwen2.5-0.5B-Instruct',
  revision: '7ae557604adf67be50417f59c2c2f167def9a775',
  licence: { name: 'Apache 2.0', url: 'https://huggingface.co/Qwen/Qwen2.5-0.5B-Instruct/blob/main/LICENSE' },
  gated: false,
  parameters: 494_032_768,
  shape: {
    model_type: 'qwen2',
    vocab_size: 151_936,
    hidden_size: 896,
    num_hidden_layers: 24,
    num_attention_heads: 14,
    num_key_value_heads: 2,
    head_dim: 64,
    intermediate_size: 4864,
    rms_norm_eps: 1e-6,
    max_position_embeddings: 32_768,
    tie_word_embeddings: true,
  },
  files: [
    { name: 'config.json', bytes: 659, sha256: '18e18afcaccafade98daf13a54092927904649e1dd4eba8299ab717d5d94ff45' },
    { name: 'generation_config.json', bytes: 242, sha256: 'e558847a8b4402616f1273797b015104dc266fe4b520056fca88823ba8f8ebe6' },
    { name: 'tokenizer.json', bytes: 7_031_645, sha256: 'c0382117ea329cdf097041132f6d735924b697924d6f6fc3945713e96ce87539' },
    { name: 'tokenizer_config.json', bytes: 7305, sha256: '5b5d4f65d0acd3b2d56a35b56d374a36cbc1c8fa5cf3b3febbbfabf22f359583' },
    { name: 'model.safetensors', bytes: 988_097_824, sha256: 'fdf756fa7fcbe7404d5c60e26bff1a0c8b8aa1f72ced49e7dd0210fe288fb7fe' },
  ],
}
