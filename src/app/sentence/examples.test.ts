import { describe, expect, it } from 'vitest'
import { scriptedNames, scriptedPolicy } from '../../core/demonstrations/scripted.ts'
import { isQuestion } from '../../core/environments/question/task.ts'
import { runEpisodes } from '../../core/episode/simulator.ts'
import { whyOf } from '../../core/evaluation/why.ts'
import { HashEmbedder } from '../../core/memory/hash-embedder.ts'
import { InMemoryStore } from '../../core/memory/in-memory-store.ts'
import { wordCounter } from '../../core/policy/word-counter.ts'
import { rewardPresets } from '../../core/reward/presets.ts'
import { scoreTrajectory } from '../../core/reward/score.ts'
import { namesOf } from '../../core/table.ts'
import { currentTask } from '../state/config.ts'
import { examples, type ExampleName } from './examples.ts'

/** Plays an example that a script plays. */
async function played(name: ExampleName) {
  const config = examples[name]
  const task = currentTask({ ...config, againTask: null }, null)
  const script = scriptedNames.find((each) => each === config.policy)
  if (!task || !isQuestion(task) || !script) throw new Error(`${name} is played by no script.`)
  const embedder = new HashEmbedder()
  const spec = {
    key: name,
    id: { run: 'examples', batch: 0, rollout: 0 },
    task,
    seed: config.seed,
    settings: config.settings,
  }
  const policy = scriptedPolicy(script, () => task, config.careless)
  const [trajectory] = await runEpisodes([spec], {
    policy,
    memory: new InMemoryStore(embedder),
    embedder,
    counter: wordCounter,
  })
  if (!trajectory) throw new Error('Nothing was played.')
  const { reward } = scoreTrajectory(trajectory, rewardPresets[config.reward])
  const steps = trajectory.steps
  return {
    why: whyOf(trajectory, reward.task),
    total: reward.total,
    penalty: reward.penalty,
    filters: steps.flatMap(({ calls }) => calls).filter(({ ok, name: tool }) => ok && tool === 'Filter_context').length,
    fits: steps.every(({ overflow }) => !overflow),
  }
}

describe('the examples of Watch', () => {
  it('are played by the oracle, and by nano before and after training, too', () => {
    const policies = namesOf(examples).map(
      (name) => `${examples[name].policy}${examples[name].adapter === null ? '' : ', trained'}`,
    )
    expect(policies).toEqual(
      expect.arrayContaining(['oracle', 'nano', 'nano, trained', 'store-all', 'store-none', 'careless']),
    )
  })

  it('end for the reason that their words name', async () => {
    expect((await played('oracle')).why).toMatchObject({ outcome: 'right', reason: { kind: 'remembered', facts: 2 } })
    expect((await played('hoarding')).why).toMatchObject({ outcome: 'unknown', reason: { kind: 'not-found' } })
    expect((await played('forgetting')).why).toMatchObject({ outcome: 'unknown', reason: { kind: 'never-stored' } })
    expect((await played('careless')).why).toMatchObject({
      outcome: 'unknown',
      reason: { kind: 'never-stored' },
      missing: 1,
    })
    expect((await played('scenario')).why).toMatchObject({
      outcome: 'right',
      reason: { kind: 'remembered', updated: 1 },
    })
    expect((await played('paper')).why).toMatchObject({ outcome: 'right', reason: { kind: 'remembered' } })
    const distracted = await played('distractors')
    expect(distracted.why.outcome).toBe('right')
    expect(distracted.filters).toBeGreaterThan(4)
    const { why, total, penalty } = await played('overflow')
    expect([why.outcome, penalty]).toEqual(['right', -0.5])
    expect(total).toBeLessThan(0.2)
  })

  it('fit into their windows, but for the one that is about that', async () => {
    for (const name of namesOf(examples)) {
      if (examples[name].policy !== 'nano')
        expect([name, (await played(name)).fits]).toEqual([name, name !== 'overflow'])
    }
  })
})
