// Each form against the record that it is made of. Which programs were seen to read them, README.md says.
import { beforeAll, describe, expect, it } from 'vitest'
import { contextAt } from '../../core/record/replay.ts'
import type { ShownEpisode } from '../episodes.ts'
import { playedStep } from '../fixture.ts'
import { transcriptOf } from '../transcript.ts'
import { atifOf } from './atif.ts'
import { openAiLine } from './openai.ts'
import { verifiersLine } from './verifiers.ts'
import { verlLine } from './verl-rollouts.ts'
import { viewerNames, viewers, writeForViewer } from './viewers.ts'

let episodes: ShownEpisode[] = []

beforeAll(async () => {
  ;({ episodes } = await playedStep())
})

const spoken = ({ trajectory }: ShownEpisode) => trajectory.steps.flatMap((step) => [...step.before, ...step.after]).flatMap((event) => (event.type === 'stm.append' ? [event.message.content] : []))

describe('an episode as one conversation', () => {
  it('has every message that was appended, in its order, and each result beside its call', () => {
    expect(episodes.some(({ trajectory }) => trajectory.steps.some(({ asides }) => asides.length > 0))).toBe(true)
    for (const episode of episodes) {
      const turns = transcriptOf(episode.trajectory)
      expect(turns.map((turn) => (turn.kind === 'message' ? turn.message.content : turn.kind === 'reply' ? turn.of.reply.text : turn.of.call.result))).toEqual(spoken(episode))
    }
  })
})

describe('OpenAI messages', () => {
  it('answer every call with a message of a tool, right after it', () => {
    for (const episode of episodes) {
      const { messages } = openAiLine(episode, 4, 0)
      for (const [i, { tool_calls: calls = [] }] of messages.entries()) {
        expect(messages.slice(i + 1, i + 1 + calls.length).map((each) => each.tool_call_id)).toEqual(calls.map(({ id }) => id))
      }
      const ids = messages.flatMap(({ tool_calls: calls = [] }) => calls.map(({ id }) => id))
      expect(new Set(ids).size).toBe(ids.length)
      expect(messages.filter(({ role }) => role === 'tool')).toHaveLength(ids.length)
    }
  })
})

describe('traces of verifiers', () => {
  it('have the prompt of each reply as the path to it', () => {
    const branches = new Set<number>()
    for (const episode of episodes) {
      const [trace] = verifiersLine(episode, 4, 0, 'run').traces
      if (!trace) throw new Error('no trace')
      const { nodes } = trace
      const path = (at: number | null): string[] => {
        const node = at === null ? undefined : nodes[at]
        return node ? [...path(node.parent), node.message.role] : []
      }
      const replies = nodes.flatMap((node, at) => (node.sampled ? [at] : []))
      const prompts = episode.trajectory.steps.map((_, step) => contextAt(episode.trajectory, step, 'prompt').length)
      const asides = episode.trajectory.steps.map((step) => step.asides.map(({ prompt }) => prompt.length))
      expect(replies.map((at) => path(at).length - 1)).toEqual(prompts.flatMap((length, step) => [length, ...(asides[step] ?? [])]))
      branches.add(nodes.filter((_, at) => !nodes.some(({ parent }) => parent === at)).length)
    }
    expect(Math.max(...branches)).toBeGreaterThan(1)
  })
  it('have the reward as the weighted sum of its terms', () => {
    for (const episode of episodes) {
      const [trace] = verifiersLine(episode, 4, 0, 'run').traces
      const sum = Object.values(trace?.rewards ?? {}).reduce((total, { score, weight }) => total + score * weight, 0)
      expect(sum).toBeCloseTo(episode.scored?.reward ?? NaN, 12)
    }
  })
})

describe('ATIF', () => {
  it('numbers its steps, and refers to calls and embedded trajectories that are there', () => {
    for (const episode of episodes) {
      const { steps, subagent_trajectories: embedded = [] } = atifOf(episode, 4, 'e')
      expect(steps.map(({ step_id }) => step_id)).toEqual(steps.map((_, i) => i + 1))
      const refs = steps.flatMap((step) => ('observation' in step ? (step.observation?.results ?? []) : [])).flatMap((result) => ('subagent_trajectory_ref' in result ? (result.subagent_trajectory_ref ?? []) : []))
      expect(refs.map(({ trajectory_id }) => trajectory_id).sort()).toEqual(embedded.map(({ trajectory_id }) => trajectory_id).sort())
    }
  })
})

describe('verl’s rollouts', () => {
  it('have all that was said, and nothing else between the roles', () => {
    for (const episode of episodes) {
      const { input, output } = verlLine(episode, 4)
      let at = 0
      const text = input + output
      for (const said of spoken(episode)) {
        const found = text.indexOf(`\n${said}\n`, at)
        expect(found).toBeGreaterThanOrEqual(at)
        at = found + said.length
      }
    }
  })
})

describe('the README of an export', () => {
  it.each(viewerNames)('for %s counts what is in it, first what is not held', async (name) => {
    const files = new Map<string, string>()
    let open = ''
    const out = { file: (path: string) => { files.set((open = path), '') }, write: (content: string | Uint8Array) => { files.set(open, (files.get(open) ?? '') + (typeof content === 'string' ? content : `${content.length} bytes`)) } }
    const steps = (async function* () { yield await Promise.resolve({ step: 4, episodes }) })()
    expect(await writeForViewer(name, { name: 'run', steps }, out)).toBe(9)
    const readme = files.get('README.md') ?? ''
    expect(readme).toContain(viewers[name].name)
    const calls = episodes.reduce((sum, { trajectory }) => sum + trajectory.steps.reduce((all, step) => all + step.calls.length, 0), 0)
    expect(readme).toContain(`| tool calls with their arguments | ${calls} |`)
    const lines = readme.split('\n').filter((line) => line.startsWith('| ')).slice(1)
    const lost = lines.map((line) => line.includes('**not held**'))
    expect(lost).toEqual([...lost].sort((a, b) => Number(b) - Number(a)))
    expect([...files.keys()].length).toBeGreaterThan(1)
  })
})
