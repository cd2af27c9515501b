// The shape of a model as our programs take it, from what MLC says of it in mlc-chat-config.json.
import { z } from 'zod'
import { mustFit } from '../core/fit.ts'
import { messageOf } from '../core/error-message.ts'
import { WebLlmError } from '../core/policy/webllm.ts'
import { readModelConfig, type ModelConfig } from '../nn/transformer/config.ts'

const chatSchema = z.looseObject({
  model_type: z.string(),
  context_window_size: z.number().int().optional(),
  model_config: z.looseObject({
    hidden_size: z.number(),
    intermediate_size: z.number(),
    num_hidden_layers: z.number(),
    num_attention_heads: z.number(),
    num_key_value_heads: z.number().nullish(),
    vocab_size: z.number(),
    rms_norm_eps: z.number(),
    context_window_size: z.number().int().nullish(),
    /** MLC has 0 where it follows from the others. */
    head_dim: z.number().nullish(),
    hidden_act: z.string().nullish(),
    attention_bias: z.boolean().nullish(),
    tie_word_embeddings: z.boolean().nullish(),
    rope_theta: z.number().nullish(),
    /** What MLC calls rope_theta of Llama. */
    position_embedding_base: z.number().nullish(),
    rope_scaling: z.record(z.string(), z.unknown()).nullish(),
  }),
})

/**
 * @param chat what mlc-chat-config.json holds
 * @param window tokens that it is loaded with
 * @param names of its parameters, which tell whether it has a head of its own; null: as the configuration says
 * @throws WebLlmError `layout` naming what cannot be computed here
 */
export function modelConfigOf(chat: unknown, window: number, names: readonly string[] | null): ModelConfig {
  try {
    const { model_type, model_config: of } = mustFit(chatSchema, chat)
    return readModelConfig({
      model_type,
      hidden_size: of.hidden_size,
      intermediate_size: of.intermediate_size,
      num_hidden_layers: of.num_hidden_layers,
      num_attention_heads: of.num_attention_heads,
      num_key_value_heads: of.num_key_value_heads ?? of.num_attention_heads,
      head_dim: of.head_dim ? of.head_dim : of.hidden_size / of.num_attention_heads,
      vocab_size: of.vocab_size,
      rms_norm_eps: of.rms_norm_eps,
      hidden_act: of.hidden_act ?? 'silu',
      // MLC's Qwen2 always has these biases, and says nothing of them.
      attention_bias: model_type === 'qwen2' ? false : (of.attention_bias ?? false),
      rope_theta: of.rope_theta ?? (of.position_embedding_base ? of.position_embedding_base : undefined),
      ...(of.rope_scaling ? { rope_scaling: of.rope_scaling } : {}),
      tie_word_embeddings: names === null ? (of.tie_word_embeddings ?? false) : !names.some((name) => name.startsWith('lm_head.')),
      max_position_embeddings: window,
    })
  } catch (error) {
    throw new WebLlmError({ kind: 'layout', detail: messageOf(error) }, { cause: error })
  }
}
