// What WebLLM makes of a conversation, as a chat template: its conv_template and the way in which webllm/messages.ts hands
// conversations over. So that whoever packs episodes builds the ids that the model was given. Pure text.
import { z } from 'zod'
import { mustFit } from '../core/fit.ts'
import type { TokenizerText } from '../core/policy/model.ts'
import { WebLlmError } from '../core/policy/webllm.ts'
import { emptyThinking, thinksByItself } from '../webllm/messages.ts'

const roles = z.looseObject({ user: z.string(), assistant: z.string() })

const chatSchema = z.looseObject({
  model_type: z.string().default(''),
  conv_template: z.looseObject({
    system_template: z.string(),
    system_message: z.string().default(''),
    system_prefix_token_ids: z.array(z.number().int()).nullish(),
    add_role_after_system_message: z.boolean().default(true),
    roles,
    role_templates: roles.partial().default({}),
    seps: z.array(z.string()).min(1),
    role_content_sep: z.string().default(': '),
    role_empty_sep: z.string().default(': '),
    stop_token_ids: z.array(z.number().int()).default([]),
  }),
})

const tokensSchema = z.looseObject({ added_tokens: z.array(z.looseObject({ id: z.number(), content: z.string() })).default([]) })

/** A text as Jinja writes it. */
const said = (text: string) => JSON.stringify(text)

/** What stands before and behind what a role says. WebLLM takes tools for the functions of its own protocol, which are none here. */
function around(template: string, placeholder: string): [string, string] {
  const [before = '', ...after] = template.replace('{function_string}', '').split(placeholder)
  return [before, after.join(placeholder)]
}

/**
 * The tokenizer with WebLLM's template.
 * @param chat what mlc-chat-config.json holds. @param tokenizer tokenizer.json
 * @throws WebLlmError `layout` for a template whose prompts cannot be told
 */
export function tokenizerOf(chat: unknown, tokenizer: string): TokenizerText {
  const { model_type, conv_template: given } = mustFit(chatSchema, chat)
  const { added_tokens } = mustFit(tokensSchema, JSON.parse(tokenizer))
  const { system_template, system_message, roles, role_templates, seps, role_content_sep, role_empty_sep } = given
  const refuse = (detail: string) => new WebLlmError({ kind: 'layout', detail: `Its chat template cannot be told: ${detail}` })
  if (!given.add_role_after_system_message) throw refuse('the first turn has no role.')
  if (!system_template.includes('{system_message}')) throw refuse('it has no place for a system message.')
  const prefix = (given.system_prefix_token_ids ?? []).map((id) => {
    const token = added_tokens.find((each) => each.id === id)
    if (!token) throw refuse(`it begins with token ${id}, which has no name.`)
    return token.content
  }).join('')
  const thinking = thinksByItself(model_type) ? emptyThinking : ''
  const turn = (role: 'user' | 'assistant', place: number): [string, string] => {
    const [before, after] = around(role_templates[role] ?? `{${role}_message}`, `{${role}_message}`)
    return [roles[role] + role_content_sep + before + (role === 'assistant' ? thinking : ''), after + (seps[place % seps.length] ?? '')]
  }
  const [user, assistant] = [turn('user', 0), turn('assistant', 1)]
  const [systemBefore, systemAfter] = around(system_template, '{system_message}')
  const header = roles.assistant + (thinking === '' ? role_empty_sep : role_content_sep + thinking)
  const lines = [
    `{{- ${said(prefix)} -}}`,
    "{%- set ns = namespace(role='') -%}",
    '{%- for m in messages -%}',
    "{%- set role = 'assistant' if m.role == 'assistant' else 'user' -%}",
    `{%- if m.role == 'system' and loop.first -%}{{- ${said(systemBefore)} + m.content + ${said(systemAfter)} -}}`,
    '{%- else -%}',
    `{%- if loop.first -%}{{- ${said(systemBefore + system_message + systemAfter)} -}}{%- endif -%}`,
    `{%- if role == ns.role -%}{{- (${said('\n')} if role == 'assistant' else ${said('\n\n')}) + m.content -}}`,
    '{%- else -%}',
    `{%- if ns.role == 'user' -%}{{- ${said(user[1])} -}}{%- elif ns.role == 'assistant' -%}{{- ${said(assistant[1])} -}}{%- endif -%}`,
    `{{- (${said(assistant[0])} if role == 'assistant' else ${said(user[0])}) + m.content -}}`,
    '{%- endif -%}',
    '{%- set ns.role = role -%}',
    '{%- endif -%}',
    '{%- endfor -%}',
    `{%- if ns.role == 'user' -%}{{- ${said(user[1])} -}}{%- elif ns.role == 'assistant' -%}{{- ${said(assistant[1])} -}}{%- endif -%}`,
    `{%- if add_generation_prompt -%}{{- ${said(header)} -}}{%- endif -%}`,
  ]
  return { tokenizer, config: JSON.stringify({ chat_template: lines.join('') }), generation: JSON.stringify({ eos_token_id: given.stop_token_ids }) }
}
