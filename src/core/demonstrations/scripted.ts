// Policies by rule: what good, greedy, forgetful and careless memory management look like. They know the task (what
// is worth storing, what is noise, the right answer) and otherwise see only what a model would see.
import { createRandom, type Random } from '../random.ts'
import type { Generation, ToolCall } from '../record/trajectory.ts'
import type { Task } from '../environments/question/task.ts'
import { formatReply } from '../agents/agemem/protocol/parser.ts'
import { streamOf } from '../policy/ask.ts'
import type { GenerateRequest, Policy } from '../policy/policy.ts'
import { memoryOf, missingFacts, readConversation, toldDistractors, toldFacts, type ConversationState } from './conversation-state.ts'
import { defaultCareless, type Careless, type ScriptedName } from './habits.ts'
import { call, say, use, type Move } from './move.ts'
import { wordCounter } from '../policy/word-counter.ts'

export { carelessSchema, defaultCareless, scriptedNames, type Careless, type ScriptedName } from './habits.ts'

const unknown = 'I do not know.'

/** The common rule: the expected answer if and only if every fact it needs stands in the context. */
function answerFromContext(state: ConversationState, task: Task): Move {
  return missingFacts(state, task).length === 0
    ? say('Everything that the answer needs is here.', task.answer)
    : say('What I would need is not here.', unknown)
}

function oracleBuilds(state: ConversationState, task: Task): Move {
  const told = toldFacts(state, task)
  if (state.done.some((each) => each.call.name !== 'Retrieve_memory')) return say('That is kept.', 'Noted.')
  const calls: ToolCall[] = []
  const contents = [...state.known.values()]
  for (const fact of told) {
    if (contents.includes(fact.text) || (fact.superseded_by !== null && told.some((other) => other.id === fact.superseded_by))) continue
    const outdated = task.facts.find((other) => other.superseded_by === fact.id)
    const id = outdated ? memoryOf(state, outdated.text) : null
    if (outdated && id === null && state.done.length === 0) {
      return use('This corrects something. Which entry was it?', call('Retrieve_memory', { query: outdated.text, top_k: 5 }))
    }
    calls.push(id === null ? call('Add_memory', { content: fact.text, memory_type: 'fact' }) : call('Update_memory', { memory_id: id, content: fact.text }))
  }
  if (calls.length === 0) return say('Nothing here is worth keeping.', 'I see.')
  const corrects = calls.some((each) => each.name === 'Update_memory')
  return use(corrects ? 'This corrects an entry: update it.' : 'A fact that may be asked for later: store it.', ...calls)
}

function oracleResists(state: ConversationState): Move {
  return use('This has nothing to do with what I keep: take it out.', call('Filter_context', { criteria: state.incoming }))
}

function oracleAnswers(state: ConversationState, task: Task): Move {
  const missing = missingFacts(state, task)
  if (missing.length === 0) return answerFromContext(state, task)
  const asked = new Set(state.done.map((each) => each.call.arguments['query']))
  const queries = [task.query, ...missing.map((fact) => fact.text)]
  const query = queries.find((each) => !asked.has(each))
  if (query === undefined) return answerFromContext(state, task)
  return use(asked.size === 0 ? 'Look it up.' : 'One piece is still missing: look for it.', call('Retrieve_memory', { query, top_k: 3 }))
}

function oracle(state: ConversationState, task: Task): Move {
  if (state.asked) return oracleAnswers(state, task)
  // A filter takes the user's message away with it: the last call tells what just happened.
  if (state.done.at(-1)?.call.name === 'Filter_context') return say('The context is clean again.', 'All right.')
  return toldDistractors(state, task).length > 0 ? oracleResists(state) : oracleBuilds(state, task)
}

function lookUpOnce(state: ConversationState, task: Task): Move {
  return state.done.length === 0 ? use('Look it up.', call('Retrieve_memory', { query: task.query, top_k: 3 })) : answerFromContext(state, task)
}

function storeAll(state: ConversationState, task: Task): Move {
  if (state.asked) return lookUpOnce(state, task)
  if (state.done.length > 0) return say('Kept.', 'Noted.')
  return use('Keep everything.', call('Add_memory', { content: state.incoming }))
}

function listenOrAnswer(state: ConversationState, task: Task): Move {
  return state.asked ? answerFromContext(state, task) : say('Just listen.', 'I see.')
}

function storeNone(state: ConversationState, task: Task): Move {
  return state.asked ? lookUpOnce(state, task) : say('Just listen.', 'I see.')
}

/** Draws in a fixed order, so that one setting does not change the luck of another. */
function carelessly(state: ConversationState, task: Task, habits: Careless, random: Random): Move {
  const luck = Object.fromEntries(Object.entries(habits).map(([habit, p]) => [habit, random.fork(habit).chance(p)]))
  const wrongId = luck['wrong_id'] === true ? 'm99' : null
  if (state.done.length > 0) return state.asked ? answerFromContext(state, task) : say('Done.', 'Noted.')
  if (state.asked) {
    return luck['retrieve'] ? use('Look it up.', call('Retrieve_memory', { query: task.query })) : answerFromContext(state, task)
  }
  if (toldDistractors(state, task).length > 0) {
    if (luck['filter']) return use('That does not matter.', call('Filter_context', { criteria: state.incoming }))
    if (luck['summarise']) return use('This is getting long.', call('Summary_context', { span: 'all' }))
    return say('Just listen.', 'I see.')
  }
  const told = toldFacts(state, task)
  const outdated = task.facts.find((fact) => told.some((each) => each.id === fact.superseded_by))
  const id = outdated ? (wrongId ?? memoryOf(state, outdated.text)) : null
  if (outdated && id !== null && luck['update']) return use('That has changed.', call('Update_memory', { memory_id: id, content: told[0]?.text ?? state.incoming }))
  if (outdated && id !== null && luck['delete']) return use('That is out of date.', call('Delete_memory', { memory_id: id, confirmation: true }))
  if (told.length > 0 && luck['add']) return use('Worth keeping.', ...told.map((fact) => call('Add_memory', { content: fact.text })))
  if (told.length === 0 && luck['add_small_talk']) return use('Perhaps worth keeping.', call('Add_memory', { content: state.incoming }))
  return say('Nothing to do.', 'I see.')
}

function decide(name: ScriptedName, state: ConversationState, task: Task, habits: Careless, random: Random): Move {
  switch (name) {
    case 'oracle':
      return oracle(state, task)
    case 'store-all':
      return storeAll(state, task)
    case 'store-none':
      return storeNone(state, task)
    case 'careless':
      return carelessly(state, task, habits, random)
  }
}

/** A summary by rule: the memory lines and the first sentence of every other message. */
function summarise(prompt: string): string {
  const [, ...lines] = prompt.split('\n').filter((line) => line.trim() !== '')
  const said = lines.filter((line) => !line.startsWith('<')).map((line) => /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line)
  return [...new Set(said)].join(' ')
}

/**
 * A scripted policy. `findTask` gives the task that a thread plays.
 * @throws Error when it is asked and the task is not known
 */
export function scriptedPolicy(name: ScriptedName, findTask: (thread: string) => Task | undefined, habits: Careless = defaultCareless): Policy {
  const reply = (request: GenerateRequest): Generation => {
    const task = findTask(request.thread)
    if (!task) throw new Error(`The policy ${name} does not know the task of ${request.thread}.`)
    const random = createRandom(request.seed)
    let text: string
    if (request.purpose === 'summarise') {
      text = summarise(request.conversation.at(-1)?.content ?? '')
    } else {
      const state = readConversation(request.conversation, task)
      // Where nothing can be called there is nothing to decide: it reads what is there, without a mistake.
      const calls = request.stop.includes('</tool_call>')
      const move = calls ? decide(name, state, task, habits, random) : listenOrAnswer(state, task)
      text = formatReply(move.think, move.action)
      if (name === 'careless' && random.fork('break_format').chance(habits.break_format)) {
        text = random.fork('how').chance(0.5) ? text.replace(/^<think>.*?<\/think>/, '') : text.replace(/<\/(tool_call|answer)>$/, '')
      }
    }
    return { text, tokens: wordCounter.count(text), token_ids: null, logprobs: null, finish: 'stop' }
  }
  return { name, open: (options) => streamOf(reply, options) }
}
