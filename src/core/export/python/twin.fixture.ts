// The exported Python and ours on the same material: where they differ. For tests.
import { z } from 'zod'
import { parseReply } from '../../agents/agemem/protocol/parser.ts'
import { dot } from '../../dot.ts'
import { currencyOf } from '../../environments/question/currency.ts'
import { mustFit } from '../../fit.ts'
import { ruleJudge } from '../../environments/question/judge.ts'
import { keyPhrases } from '../../environments/question/key-phrases.ts'
import { questionIn, type Fact } from '../../environments/question/task.ts'
import { HashEmbedder } from '../../memory/hash-embedder.ts'
import type { Trajectory } from '../../record/trajectory.ts'
import { componentsSchema } from '../../reward/reward.ts'
import { scoreTrajectory } from '../../reward/score.ts'
import { sameData } from '../../same-data.ts'
import { wellFormed } from '../../text.ts'
import type { TrainConfig } from '../../training/config.ts'
import type { ExportFile } from '../files.ts'
import { repliesOf, type Judged } from './material.fixture.ts'
import { inPython, jsonLines } from './run-python.fixture.ts'

/** Numbers of the two are equal up to here. */
const tolerance = 1e-9

const readProgram = `
import json, sys
from agemem import currency, judge, nearness, read_reply, similarity, well_formed
for line in sys.stdin:
    given = json.loads(line)
    if "reply" in given:
        calls, answer, violations = read_reply(well_formed(given["reply"]))
        print(json.dumps([calls, answer, [list(each) for each in violations]]))
    else:
        right = judge(given["predicted"], given)
        print(json.dumps([right, currency(given["predicted"], given, right >= 0.999), similarity(given["predicted"], given["query"]), nearness(given["predicted"], given["query"])]))
`

/** A task in which the answer was another one before; so that currency has something to tell. */
const factsOf = ({ answer, query }: Judged): Fact[] => [
  { id: 'f1', text: `It was ${query}`, keys: [[query]], needed: true, superseded_by: 'f2' },
  { id: 'f2', text: `It is ${answer}`, keys: [[answer]], needed: true, superseded_by: null },
]

const vectors = new HashEmbedder()

async function similar(a: string, b: string): Promise<number> {
  const [x, y] = await vectors.embed([a, b])
  return x && y ? dot(x, y) : NaN
}

const currencies = { present: 1, neither: 0, superseded: -1 } as const

async function ofAnswer(each: Judged): Promise<number[]> {
  const { score } = ruleJudge.score(each.predicted, each)
  const near = await similar(each.predicted, each.query)
  return [score, currencies[currencyOf({ ...each, facts: factsOf(each) }, each.predicted, score >= 0.999)], near, Math.max(-1, Math.min(1, near))]
}

const close = (a: unknown, b: readonly number[]): boolean => Array.isArray(a) && a.length === b.length && b.every((value, i) => { const other: unknown = a[i]; return typeof other === 'number' && Math.abs(other - value) <= tolerance })

const replayedSchema = z.object({ components: componentsSchema, reward: z.number(), left: z.number(), tokens: z.array(z.number()), context: z.array(z.string()) })

/** Plays each line's replies; with what stands in the context at the end. */
const replayProgram = `
import json, sys
from agemem import Episode, count_tokens, read_json
run, system = read_json("run.json")["config"], open("system_prompt.txt", encoding="utf-8").read()
for line in sys.stdin:
    given = json.loads(line)
    episode = Episode(given["task"], run, system, count_tokens)
    play, replies = episode.play(), iter(given["replies"])
    request = next(play)
    try:
        while True:
            request = play.send(next(replies))
    except StopIteration:
        left = len(list(replies))
    print(json.dumps({"components": episode.components(), "reward": episode.reward(), "left": left, "tokens": [s["tokens"] for s in episode.steps], "context": [m["content"] for m in episode.context]}))
`

function contextAtEnd(trajectory: Trajectory): string[] {
  let messages: { id: string; content: string }[] = []
  for (const { before, after } of trajectory.steps) {
    for (const event of [...before, ...after]) {
      if (event.type === 'stm.append') messages.push(event.message)
      if (event.type === 'stm.filter' || event.type === 'stm.reset') messages = messages.filter(({ id }) => !event.removed.includes(id))
      if (event.type === 'stm.summarise') {
        const at = messages.findIndex(({ id }) => event.removed.includes(id))
        messages = messages.filter(({ id }) => !event.removed.includes(id))
        messages.splice(at, 0, event.message)
      }
    }
  }
  return messages.map(({ content }) => content)
}

export const differences = {
  /** Of replies and answers. */
  async words(files: readonly ExportFile[], given: { replies: readonly string[]; answers: readonly Judged[] }, python?: string): Promise<string[]> {
    const lines = [...given.replies.map((reply) => JSON.stringify({ reply })), ...given.answers.map((each) => JSON.stringify({ ...each, facts: factsOf(each) }))]
    const out = jsonLines(inPython(files, readProgram, lines.join('\n'), python))
    const found: string[] = []
    if (out.length !== lines.length) found.push(`${out.length} of ${lines.length} came back`)
    for (const [i, reply] of given.replies.entries()) {
      const { calls, answer, violations } = parseReply(wellFormed(reply))
      const wanted = [calls, answer, violations.map(({ rule, message, recovered }) => [rule, message, recovered])]
      if (!sameData(out[i], JSON.parse(JSON.stringify(wanted)))) found.push(`${JSON.stringify(reply)}: ${JSON.stringify(out[i])}, not ${JSON.stringify(wanted)}`)
    }
    for (const [i, each] of given.answers.entries()) {
      const wanted = await ofAnswer(each)
      const got = out[given.replies.length + i]
      if (!close(got, wanted)) found.push(`${JSON.stringify(each)}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`)
    }
    return found
  },

  /** Of episodes: every term of the reward, the reward, the lengths of the prompts and the context that is left. */
  episodes(files: readonly ExportFile[], config: TrainConfig, episodes: readonly Trajectory[], python?: string): string[] {
    const input = episodes.map((each) => {
      const task = questionIn(each.task)
      return JSON.stringify({ task: { ...task, key_phrases: keyPhrases(task.query).map(({ text }) => text) }, replies: repliesOf(each) })
    })
    const out = jsonLines(inPython(files, replayProgram, input.join('\n'), python)).map((line) => mustFit(replayedSchema, line))
    const found: string[] = []
    if (out.length !== episodes.length) found.push(`${out.length} of ${episodes.length} came back`)
    for (const [i, episode] of episodes.entries()) {
      const got = out[i]
      const { components, reward } = scoreTrajectory(episode, config.reward.weights)
      const tell = (what: string, a: unknown, b: unknown) => found.push(`${i}, ${episode.task.id}: ${what} ${JSON.stringify(a)}, not ${JSON.stringify(b)}`)
      if (!got) continue
      for (const name of new Set([...Object.keys(components), ...Object.keys(got.components)])) {
        const [a, b] = [Number(Object.entries(got.components).find(([key]) => key === name)?.[1]), Number(Object.entries(components).find(([key]) => key === name)?.[1])]
        if (!(Math.abs(a - b) <= tolerance)) tell(name, a, b)
      }
      if (!(Math.abs(got.reward - reward.total) <= tolerance)) tell('reward', got.reward, reward.total)
      if (got.left !== 0) tell('replies that were not asked for', got.left, 0)
      const tokens = episode.steps.map(({ prompt_tokens }) => prompt_tokens)
      if (!sameData(got.tokens, tokens)) tell('tokens', got.tokens, tokens)
      const context = contextAtEnd(episode)
      if (!sameData(got.context, context)) tell('context', got.context.filter((each, at) => each !== context[at]), context.filter((each, at) => each !== got.context[at]))
    }
    return found
  },
}
