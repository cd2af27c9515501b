// What nano's tokenizer has of its own: the protocol's frequent strings as single tokens, and the chat template.
import { compactSystemPrompt } from '../core/agents/agemem/prompts.ts'
import { summaryPrompt } from '../core/agents/agemem/summary.ts'
import { toolNames, type ToolName } from '../core/agents/agemem/tools/index.ts'
import { formatReply } from '../core/agents/agemem/protocol/parser.ts'
import { namesOf } from '../core/table.ts'
import { tokenizerJson, trainBpe } from './bpe-trainer.ts'
import type { TokenizerText } from '../core/policy/model.ts'

/** Entries of nano's vocabulary at most. */
const nanoVocabulary = 4096

/** Pairs that stand in a smaller share of the episodes are not merged: words of the templates are, whole names are not. */
const rarest = 1 / 500

export const endMark = '<|end|>'
const roleMarks = ['<|system|>', '<|user|>', '<|assistant|>', '<|tool|>'] as const

/** Each message is its role's mark and its text; a reply is closed, so that a summary has an end. */
const chatTemplate =
  "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}" +
  "{% if message['role'] == 'assistant' %}{{ '<|end|>' }}{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"

/** The first argument of each tool, with which its calls begin. */
const firstArgument: Partial<Record<ToolName, Record<string, string>>> = {
  Add_memory: { content: '…' },
  Update_memory: { memory_id: 'm…' },
  Delete_memory: { memory_id: 'm…' },
  Retrieve_memory: { query: '…' },
  Summary_context: { span: '…' },
  Filter_context: { criteria: '…' },
}

/** A reply cut at the places marked by …, as formatReply and JSON.stringify space it. */
function partsOf(name: ToolName, args: Record<string, unknown>): string[] {
  return formatReply('…', { calls: [{ name, arguments: args }] }).split('…')
}

/** The strings of the protocol that are one token each. */
export function protocolStrings(): string[] {
  const opened = namesOf(firstArgument).flatMap((name) => partsOf(name, firstArgument[name] ?? {}))
  // The second and later calls of one reply.
  const further = opened.flatMap((part) => {
    const at = part.indexOf('{"name"')
    return at < 0 ? [] : [`"}},${part.slice(at)}`]
  })
  const between = [
    ...partsOf('Update_memory', { memory_id: 'm…', content: '…' }).slice(2, 3),
    ...partsOf('Delete_memory', { memory_id: 'm…', confirmation: true }).slice(2, 3),
    ...partsOf('Retrieve_memory', { query: '…', top_k: 5 }).slice(2, 3),
  ]
  const tags = ['<think>', '</think>', '<tool_call>', '</tool_call>', '<answer>', '</answer>', '</think><answer>', '</think><tool_call>']
  const environment = [
    compactSystemPrompt(),
    summaryPrompt([]),
    'Related memories:\n[m', '\n[m', '[m', 'Stored as m', 'Updated m', 'Deleted m', 'Nothing found.', 'Summary: ', 'Error: ']
  return [...new Set([...opened, ...further, ...between, ...tags, ...environment, ...toolNames])]
}

/**
 * Learns nano's tokenizer.
 * @param texts one an episode
 * @returns tokenizer.json and tokenizer_config.json
 */
export function nanoTokenizer(texts: readonly string[], vocabulary = nanoVocabulary): TokenizerText {
  const minCount = Math.max(2, Math.round(texts.length * rarest))
  const learnt = trainBpe(texts, { vocabulary, added: protocolStrings(), special: [endMark, ...roleMarks], minCount })
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    chat_template: chatTemplate,
    eos_token: endMark,
    pad_token: endMark,
    additional_special_tokens: roleMarks,
    model_max_length: 1024,
    clean_up_tokenization_spaces: false,
  }
  return { tokenizer: `${JSON.stringify(tokenizerJson(learnt))}\n`, config: `${JSON.stringify(config, null, 2)}\n` }
}
