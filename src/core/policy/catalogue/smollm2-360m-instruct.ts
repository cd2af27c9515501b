// SmolLM2-360M-Instruct.
import type { CatalogueEntry } from './entry.ts'

export const smolLm2Medium: CatalogueEntry = {
  id: 'smollm2-360m-instruct',
  name: 'SmolLM2-360M-Instruct',
  repository: 'HuggingFaceTB/SmolLM2-360M-Instruct',
  revision: 'a10cc1512eabd3dde888204e902eca88bddb4951',
  licence: { name: 'Apache 2.0', url: 'https://huggingface.co/HuggingFaceTB/SmolLM2-360M-Instruct#license' },
  gated: false,
  parameters: 361_821_120,
  shape: {
    model_type: 'llama',
    vocab_size: 49_152,
    hidden_size: 960,
    num_hidden_layers: 32,
    num_attention_heads: 15,
    num_key_value_heads: 5,
    head_dim: 64,
    intermediate_size: 2560,
    rms_norm_eps: 1e-5,
    max_position_embeddings: 8192,
    tie_word_embeddings: true,
  },
  files: [
    { name: 'config.json', bytes: 846, sha256: '224f72354f10d617a359cc82ad15a3c96e866b9b2ffadb81997eeea9e88e22ee' },
    { name: 'tokenizer.json', bytes: 2_104_556, sha256: '9ca9acddb6525a194ec8ac7a87f24fbba7232a9a15ffa1af0c1224fcd888e47c' },
    { name: 'tokenizer_config.json', bytes: 3764, sha256: '4ec77d44f62efeb38d7e044a1db318f6a939438425312dfa333b8382dbad98df' },
    { name: 'model.safetensors', bytes: 723_674_912, sha256: 'e6bffe7435d7ddc10fd3b9a9efd429dafbacb1cb17015fb5562664e7532bf86e' },
  ],
}
