// What the catalogue says of a model that plays and learns through this project's own engine. Plain data.

/** A file of a model, as its publisher has it at one revision. */
export interface CatalogueFile {
  name: string
  /** null: whoever serves it says. */
  bytes: number | null
  sha256: string
}

/** What of a config.json decides how much memory a model needs, and how long it takes. */
export interface CatalogueShape {
  model_type: 'llama' | 'qwen2' | 'qwen3'
  vocab_size: number
  hidden_size: number
  num_hidden_layers: number
  num_attention_heads: number
  num_key_value_heads: number
  head_dim: number
  intermediate_size: number
  rms_norm_eps: number
  max_position_embeddings: number
  tie_word_embeddings: boolean
}

export interface CatalogueEntry {
  /** In links and in the browser's store of weights. */
  id: string
  /** As it is recorded in trajectories. */
  name: string
  /** OWNER/MODEL on Hugging Face. */
  repository: string
  /** The commit that is fetched: what lies behind it never changes. */
  revision: string
  licence: { name: string; url: string }
  /** Its publisher asks who downloads it: the files come only with an account. */
  gated: boolean
  /** Values that are learned; a tied head counts once. */
  parameters: number
  shape: CatalogueShape
  files: readonly [CatalogueFile, ...CatalogueFile[]]
}
