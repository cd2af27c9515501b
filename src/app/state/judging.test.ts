// A language model's verdict on an episode: kept with its record, and taken out again.
import { describe, expect, it } from 'vitest'
import { add, miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import type { RecordedVerdict, Trajectory } from '../../core/record/trajectory.ts'
import { createEpisodeStore } from './episode.ts'
import { createJudging } from './judging.ts'

const task = miraTask()
const played = trajectoryOf({ task, steps: [{ phase: 'build', says: 'Mira Voss lives in Oslem.', calls: [add('m1', 'Mira Voss lives in Oslem.')] }, { phase: 'answer', says: task.query, answer: 'By the sea' }] })
const verdict: RecordedVerdict = { judge: 'B', rubric: 'answer', score: 0.9, words: 'Score: 0.9' }
const noLab = () => {
  throw new Error('not in this test')
}

/** The page with an episode on show. */
function page(judge: (kept: Map<string, Trajectory>) => Promise<RecordedVerdict[]>, listed: boolean) {
  const kept = new Map<string, Trajectory>(listed ? [['a', played]] : [])
  const told: string[] = []
  const episode = createEpisodeStore({ lab: noLab }, () => undefined)
  episode.getState().show('a', played)
  const judging = createJudging({
    episode,
    library: {
      getState: () => ({
        get: (key) => Promise.resolve(kept.get(key) ?? null),
        keep: (key, trajectory) => {
          kept.set(key, trajectory)
          return Promise.resolve({ saved: true })
        },
      }),
    },
    ui: { getState: () => ({ notify: ({ text }) => told.push(text) }) },
    webllm: { getState: () => ({ judge: () => judge(kept) }) },
    newKey: () => 'new',
  })
  return { judging, kept, told, episode, shown: () => episode.getState().shown }
}

describe('a verdict', () => {
  it('is kept with the record and shown, and taken out again', async () => {
    const { judging, kept, shown, told } = page(() => Promise.resolve([verdict]), true)
    await judging.judge()
    expect(kept.get('a')).toEqual({ ...played, verdicts: [verdict] })
    expect(shown()).toMatchObject({ key: 'a', trajectory: { verdicts: [verdict] } })
    await judging.judgeByRule()
    expect(kept.get('a')).toEqual(played)
    expect(shown()?.trajectory).not.toHaveProperty('verdicts')
    expect(told).toEqual([])
  })

  it('on a rollout of a run is kept with a copy, and says so', async () => {
    const { judging, kept, shown, told } = page(() => Promise.resolve([verdict]), false)
    await judging.judge()
    expect([...kept.keys()]).toEqual(['new'])
    expect(shown()?.key).toBe('new')
    expect(told[0]).toContain('Its run keeps the reward')
  })

  it('does not bring back an episode that was deleted meanwhile', async () => {
    const { judging, kept, told } = page((records) => {
      records.clear()
      return Promise.resolve([verdict])
    }, true)
    await judging.judge()
    expect(kept.size).toBe(0)
    expect(told[0]).toContain('deleted while it was judged')
  })

  it('that the model does not give changes nothing', async () => {
    const { judging, kept, told } = page(() => Promise.reject(new Error('The graphics card was lost.')), true)
    await judging.judge()
    expect(kept.get('a')).toBe(played)
    expect(told[0]).toBe('The episode was not judged: it is scored as before. The graphics card was lost.')
  })

  it('goes to its own episode when another one is on show by then', async () => {
    const { judging, kept, episode, shown } = page(() => {
      episode.getState().show('b', played)
      return Promise.resolve([verdict])
    }, true)
    await judging.judge()
    expect(kept.get('a')?.verdicts).toEqual([verdict])
    expect(shown()).toMatchObject({ key: 'b', trajectory: played })
  })
})
