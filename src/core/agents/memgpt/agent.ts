// MemGPT (arXiv 2310.08560): core memory stands in the context, everything heard lies in recall storage, the rest in an
// archive. When the queue of messages comes near its limit a warning asks what to save; beyond it the older half gives way
// to a summary of it and of the summary before.
import { contextTokens } from '../../record/context.ts'
import type { ContextMessage, Hit, MemoryRecord } from '../../record/trajectory.ts'
import type { Body, Play, ReplyForm } from '../agent.ts'
import { memoryLine } from '../agemem/memory-lines.ts'
import { plainGrammar } from '../agemem/protocol/plain-grammar.ts'
import { askJson } from '../asides/json.ts'
import { baseline, bring } from '../baseline.ts'
import {
  editAside, editPrompt, memGptAsides, saveAside, savePrompt, searchAside, searchPrompt, summaryPrompt, summaryPurpose,
} from './asides.ts'

/** What kind of storage an entry of the memory belongs to. */
const storages = { core: 'core', archive: 'archive', recall: 'recall' } as const
type Storage = keyof typeof storages

/** Of the queue's limit, where the warning comes; at the limit it is flushed (§2.2). */
const warnsAt = 0.7
/** Core memory has so many characters a token of T_max: a quarter of the window in English. */
const coreCharacters = 1

const plainForm: ReplyForm = { stop: [], grammar: plainGrammar() }

const ofStorage = async ({ memory }: Pick<Body, 'memory'>, storage: Storage): Promise<MemoryRecord[]> =>
  (await memory.list()).filter(({ metadata }) => metadata.type === storages[storage])

const store = (content: string, storage: Storage, { memory }: Pick<Body, 'memory'>) =>
  memory.add(content, { tags: [], type: storages[storage], extra: {} })

/** The core memory as it stands in the context. */
const coreTitle = 'Core memory:'
const isCore = ({ kind, content }: ContextMessage) => (kind === 'memories' || kind === 'summary') && content.startsWith(coreTitle)

/**
 * Core memory comes into the context before an answer, and in the place of an older one where it has changed. Who was
 * trained on what a search of its own brings finds it there (bring).
 */
async function showCore(queries: readonly string[], { context, memory, settings }: Body): Promise<void> {
  const core = await ofStorage({ memory }, 'core')
  if (core.length === 0 || settings.prompt === 'compact') return
  const text = [coreTitle, ...core.map(memoryLine)].join('\n')
  const shown = context.messages.filter(isCore)
  if (shown.length > 0 && shown.every(({ content }) => content === text)) return
  // All of it stands there, whatever is asked; how near each line is to that is recorded as of any retrieval.
  const asked = queries.join('\n')
  memory.deliver(asked, await memory.search(asked, { topK: core.length, filter: { type: storages.core } }))
  if (shown.length > 0) context.summarise('core memory', shown, text)
  else context.append('tool', 'memories', text)
}

/** Past messages and the archive are searched, by what the policy says to search for. */
async function* search(question: string, body: Body): Play<void> {
  const { memory, settings } = body
  const asked = (yield* askJson(searchAside, searchPrompt(question), body))?.queries ?? []
  const found = new Map<string, Hit>()
  const within = settings.prompt === 'compact' ? (['core', 'archive', 'recall'] as const) : (['archive', 'recall'] as const)
  for (const query of asked.length === 0 ? [question] : asked) {
    for (const storage of within) {
      for (const hit of await memory.search(query, { topK: settings.top_k, filter: { type: storages[storage] } })) {
        const known = [...found.values()].find(({ content }) => content === hit.content)
        if (!known || known.similarity < hit.similarity) {
          if (known) found.delete(known.id)
          found.set(hit.id, hit)
        }
      }
    }
  }
  const hits = [...found.values()].sort((a, b) => b.similarity - a.similarity).slice(0, settings.top_k)
  yield* bring(question, hits, body)
}

/** Every message goes into recall storage; the policy says what of it belongs into core memory and into the archive. */
async function* keep(message: string, body: Body): Play<void> {
  await store(message, 'recall', body)
  const core = await ofStorage(body, 'core')
  const room = () => Math.floor(body.settings.t_max * coreCharacters) - used
  let used = core.reduce((sum, { content }) => sum + content.length, 0)
  const edit = yield* askJson(editAside, editPrompt(message, core, room()), body)
  if (!edit) return
  for (const { id, text } of edit.replace) {
    const before = core.find((entry) => entry.id === id)
    if (!before || text.length - before.content.length > room()) continue
    await body.memory.update(id, text)
    used += text.length - before.content.length
  }
  for (const text of edit.append) {
    const fits = text.length <= room()
    // What core memory has no room for is not lost.
    await store(text, fits ? 'core' : 'archive', body)
    if (fits) used += text.length
  }
  for (const text of edit.archive) await store(text, 'archive', body)
}

/** What of a message a prompt repeats: of its own replies only the answer. */
const worded = ({ kind, content }: ContextMessage) => (kind === 'reply' ? content.replace(/<think>.*?<\/think>|<\/?answer>/gs, '').trim() : content)

/** §2.2: the queue manager, after each message. */
async function* relieve(warned: boolean, body: Body): Play<boolean> {
  const { context, settings } = body
  // A reply must still find its place.
  const limit = Math.max(1, settings.t_max - settings.response_limit)
  const used = contextTokens(context.messages)
  if (used < warnsAt * limit) return false
  const queue = context.messages.filter((message) => message.kind !== 'system' && !isCore(message))
  if (!warned) {
    const saved = yield* askJson(saveAside, savePrompt(`${Math.round((100 * used) / limit)} %`, queue.map(worded)), body)
    for (const text of saved?.archive ?? []) await store(text, 'archive', body)
  }
  if (used < limit) return true
  const evicted = queue.slice(0, Math.ceil(queue.length / 2))
  if (evicted.length === 0) return true
  const { text } = yield* body.ask(summaryPurpose, [{ role: 'user', content: summaryPrompt(evicted.map(worded)) }], plainForm)
  context.summarise('oldest half', evicted, `Summary: ${text.trim()}`)
  return false
}

export const memGpt = baseline({
  line: 'core memory in the prompt, an archive, past messages; saves and summarises under pressure',
  follows: { title: 'MemGPT: Towards LLMs as Operating Systems', address: 'https://arxiv.org/abs/2310.08560' },
  remembers: true,
  asides: memGptAsides,
  create: () => {
    /** The warning came, and nothing was flushed since. */
    let warned = false
    return {
      async *recall(queries, body) {
        await showCore(queries, body)
        for (const question of queries) yield* search(question, body)
      },
      async *tend(told, body) {
        for (const message of told) yield* keep(message, body)
        warned = yield* relieve(warned, body)
      },
    }
  },
})
