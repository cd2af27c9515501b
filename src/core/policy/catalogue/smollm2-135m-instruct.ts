// SmolLM2-135M-Instruct: the smallest that follows instructions.
import type { CatalogueEntry } from './entry.ts'

export const smolLm2Small: CatalogueEntry = {
  id: 'smollm2-135m-instruct',
  name: 'SmolLM2-135M-Instruct',
  repository: 'HuggingFaceTB/SmolLM2-135M-Instruct',
  revision: '12fd25f77366fa6b3b4b768ec3050bf629380bac',
  licence: { name: 'Apache 2.0', url: 'https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct#license' },
  gated: false,
  parameters: 134_515_008,
  shape: {
    model_type: 'llama',
    vocab_size: 49_152,
    hidden_size: 576,
    num_hidden_layers: 30,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    head_dim: 64,
    intermediate_size: 1536,
    rms_norm_eps: 1e-5,
    max_position_embeddings: 8192,
    tie_word_embeddings: true,
  },
  files: [
    { name: 'config.json', bytes: 861, sha256: '8eb740e8bbe4cff95ea7b4588d17a2432deb16e8075bc5828ff7ba9be94d982a' },
    { name: 'generation_config.json', bytes: 132, sha256: '87b916edaaab66b3899b9d0dd0752727dff6666686da0504d89ae0a6e055a013' },
    { name: 'tokenizer.json', bytes: 2_104_556, sha256: '9ca9acddb6525a194ec8ac7a87f24fbba7232a9a15ffa1af0c1224fcd888e47c' },
    { name: 'tokenizer_config.json', bytes: 3764, sha256: '4ec77d44f62efeb38d7e044a1db318f6a939438425312dfa333b8382dbad98df' },
    { name: 'model.safetensors', bytes: 269_060_552, sha256: '5af571cbf074e6d21a03528d2330792e532ca608f24ac70a143f6b369968ab8c' },
  ],
}
