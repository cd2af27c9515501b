// Executes the six tools on an LTM store and on the contexts of the episodes that are open. memory.worker serves
// one of these; headless code holds one itself. Knows nothing of policies, stages or rewards.
import { applyToContext, messagesOfSpan, removableMessages } from '../record/context.ts'
import type { ContextMessage, EpisodeEvent, EventOf, StmEvent, ToolCall } from '../record/trajectory.ts'
import { memoryLine } from '../agents/agemem/prompts.ts'
import { problemsOf, quoted } from '../agents/agemem/protocol/arguments.ts'
import { isToolName, toolNames, toolSchemas } from '../agents/agemem/protocol/schemas.ts'
import { dot } from '../dot.ts'
import type { CallOutcome, CallSite, EpisodeMemory, EpisodeMemorySettings } from './episode-memory.ts'
import { embedderKey, MemoryNotFoundError, type Embedder, type MemoryMetadata, type MemoryStore } from './store.ts'

interface OpenEpisode {
  settings: EpisodeMemorySettings
  context: ContextMessage[]
}

type ToolError = 'unknown-tool' | 'invalid-arguments' | 'unknown-id' | 'not-confirmed' | 'nothing-to-do'

interface Done {
  result: string
  events: EpisodeEvent[]
  error?: ToolError
}

const fail = (error: ToolError, result: string): Done => ({ result: `Error: ${result}`, events: [], error })

/** The metadata argument of a tool as the store keeps it: known fields apart, the rest in extra. */
function metadataOf(given: Record<string, unknown> | undefined, type: string | null, site: CallSite, created: number): MemoryMetadata {
  const { tags, ...extra } = given ?? {}
  return {
    created,
    updated: site.time,
    source_step: site.step,
    tags: Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [],
    type,
    extra,
  }
}

export class LocalEpisodeMemory implements EpisodeMemory {
  readonly #open = new Map<string, OpenEpisode>()
  readonly #store: MemoryStore
  readonly #embedder: Embedder

  constructor(store: MemoryStore, embedder: Embedder) {
    this.#store = store
    this.#embedder = embedder
  }

  async open(episode: string, settings: EpisodeMemorySettings): Promise<{ embedder: string }> {
    await this.#store.clear(episode)
    this.#open.set(episode, { settings, context: [] })
    return { embedder: embedderKey(this.#embedder) }
  }

  async apply(episode: string, events: readonly StmEvent[]): Promise<void> {
    const open = this.#episode(episode)
    for (const event of events) open.context = applyToContext(open.context, event)
    return Promise.resolve()
  }

  async recall(episode: string, query: string): Promise<EventOf<'ltm.retrieve'>> {
    const { settings } = this.#episode(episode)
    const hits = await this.#store.search(episode, query, { topK: settings.topK })
    return { type: 'ltm.retrieve', call: null, query, hits }
  }

  async context(episode: string): Promise<ContextMessage[]> {
    return Promise.resolve([...this.#episode(episode).context])
  }

  async close(episode: string): Promise<void> {
    this.#open.delete(episode)
    return Promise.resolve()
  }

  async execute(episode: string, call: ToolCall, site: CallSite): Promise<CallOutcome> {
    const open = this.#episode(episode)
    const done = await this.#run(episode, open, call, site)
    for (const event of done.events) {
      if (event.type === 'stm.filter' || event.type === 'stm.summarise') open.context = applyToContext(open.context, event)
    }
    const record = { name: call.name, arguments: call.arguments, ok: done.error === undefined, error: done.error ?? null, result: done.result }
    return { record, events: done.events }
  }

  #episode(episode: string): OpenEpisode {
    const open = this.#open.get(episode)
    if (!open) throw new Error(`Episode ${episode} is not open: call open() first. Its context does not survive a restart of the memory.`)
    return open
  }

  async #run(episode: string, open: OpenEpisode, call: ToolCall, site: CallSite): Promise<Done> {
    if (!isToolName(call.name)) return fail('unknown-tool', `there is no tool ${quoted(call.name)}. The tools are ${toolNames.join(', ')}.`)
    const problems = problemsOf(call.name, call.arguments)
    if (problems !== null) return fail('invalid-arguments', `${call.name} cannot take these arguments: ${problems}.`)
    try {
      switch (call.name) {
        case 'Add_memory': {
          const read = toolSchemas.Add_memory.parse(call.arguments)
          const metadata = metadataOf(read.metadata, read.memory_type ?? null, site, site.time)
          const entry = await this.#store.add(episode, read.content, metadata)
          return { result: `Stored as ${entry.id}.`, events: [{ type: 'ltm.add', call: site.call, entry }] }
        }
        case 'Update_memory': {
          const read = toolSchemas.Update_memory.parse(call.arguments)
          const old = await this.#store.get(episode, read.memory_id)
          const metadata = read.metadata
            ? metadataOf(read.metadata, old.metadata.type, site, old.metadata.created)
            : { ...old.metadata, updated: site.time, source_step: site.step }
          const { before, after } = await this.#store.update(episode, old.id, read.content, metadata)
          return { result: `Updated ${after.id}.`, events: [{ type: 'ltm.update', call: site.call, before, after }] }
        }
        case 'Delete_memory': {
          const read = toolSchemas.Delete_memory.parse(call.arguments)
          if (!read.confirmation) return fail('not-confirmed', 'nothing was deleted, because confirmation is not true.')
          const entry = await this.#store.delete(episode, read.memory_id)
          return { result: `Deleted ${entry.id}.`, events: [{ type: 'ltm.delete', call: site.call, entry }] }
        }
        case 'Retrieve_memory': {
          const read = toolSchemas.Retrieve_memory.parse(call.arguments)
          const { query, top_k, metadata_filter } = read
          const hits = await this.#store.search(episode, query, { topK: top_k ?? open.settings.topK, filter: metadata_filter })
          const result = hits.length > 0 ? hits.map(memoryLine).join('\n') : 'Nothing found.'
          return { result, events: [{ type: 'ltm.retrieve', call: site.call, query, hits }] }
        }
        case 'Summary_context': {
          const read = toolSchemas.Summary_context.parse(call.arguments)
          return this.#summarise(open, read.span, site)
        }
        case 'Filter_context': {
          const read = toolSchemas.Filter_context.parse(call.arguments)
          return await this.#filter(open, read.criteria, site)
        }
      }
    } catch (error) {
      if (error instanceof MemoryNotFoundError) return fail('unknown-id', error.message)
      throw error
    }
  }

  #summarise(open: OpenEpisode, span: string, site: CallSite): Done {
    const messages = messagesOfSpan(open.context, span, site.round)
    if (messages === null) return fail('invalid-arguments', `span must be "all" or a number of rounds, not ${quoted(span)}.`)
    if (messages.length === 0 || !site.summary) return fail('nothing-to-do', 'there is nothing to summarise.')
    const removed = messages.map((message) => message.id)
    return {
      result: `Summarised ${removed.length} ${removed.length === 1 ? 'message' : 'messages'}.`,
      events: [{ type: 'stm.summarise', call: site.call, span, removed, message: site.summary }],
    }
  }

  /** Eq. 15: what is at least θ similar to the criteria leaves. */
  async #filter(open: OpenEpisode, criteria: string, site: CallSite): Promise<Done> {
    const candidates = removableMessages(open.context, site.round)
    const [wanted, ...vectors] = await this.#embedder.embed([criteria, ...candidates.map((message) => message.content)])
    const threshold = open.settings.theta
    const similarities = candidates.map((message, i) => {
      const vector = vectors[i]
      return { id: message.id, similarity: wanted && vector ? dot(wanted, vector) : 0 }
    })
    const removed = similarities.filter((each) => each.similarity >= threshold).map((each) => each.id)
    const result =
      removed.length === 0 ? 'No message matches; nothing was removed.' : `Removed ${removed.length} ${removed.length === 1 ? 'message' : 'messages'}.`
    return { result, events: [{ type: 'stm.filter', call: site.call, criteria, threshold, similarities, removed }] }
  }
}
