import { describe, expect, it } from 'vitest'
import { checkpointRecord, runRecord } from '../../../core/training/runs.fixture.ts'
import { goneWords, interruptedWords, isInterrupted, stretchWords, without } from './run-words.ts'

const run = runRecord('a', { steps: 7, config: { ...runRecord('a').config, steps: 60 } })

describe('what is gone', () => {
  it('is named by stretches', () => {
    expect(stretchWords([[1, 5]])).toBe('1 to 5')
    expect(stretchWords([[1, 5], [7, 7], [9, 1200]])).toBe('1 to 5, 7 and 9 to 1,200')
  })
  it('is said once: rollouts of steps that are gone go without saying', () => {
    expect(without([[1, 9]], [[1, 2], [5, 5]])).toEqual([[3, 4], [6, 9]])
    expect(without([[3, 4]], [[1, 9]])).toEqual([])
    expect(goneWords({ gone: { steps: [[1, 5]], rollouts: [[1, 7]] } })).toBe('Not kept any more: steps 1 to 5, and the rollouts of steps 6 to 7.')
    expect(goneWords({ gone: { steps: [[3, 3]], rollouts: [[3, 3]] } })).toBe('Not kept any more: step 3.')
    expect(goneWords({ gone: { steps: [], rollouts: [[1, 1], [3, 3]] } })).toBe('Not kept any more: the rollouts of steps 1 and 3.')
    expect(goneWords({})).toBeNull()
  })
})

describe('an interrupted run', () => {
  it('is one that nobody trains, here or in another tab', () => {
    expect(isInterrupted(run, null, new Set())).toBe(true)
    expect(isInterrupted(run, 'a', new Set())).toBe(false)
    expect(isInterrupted(run, null, new Set(['agemem-run-a']))).toBe(false)
    expect(isInterrupted({ ...run, status: 'paused' }, null, new Set())).toBe(false)
  })
  it('says how far it got, and from where it goes on', () => {
    const at = (step: number) => checkpointRecord(`a/${step}`, 'a', { step })
    expect(interruptedWords(run, [at(7), at(2)])).toBe('7 of 60 steps are kept; Resume continues from there.')
    expect(interruptedWords(run, [at(5)])).toBe('7 of 60 steps are kept; Resume continues from the adapter after step 5 and makes steps 6 to 7 again, with the same result.')
    expect(interruptedWords(run, [at(6), { ...at(7), resumable: false }])).toBe('7 of 60 steps are kept; Resume continues from the adapter after step 6 and makes step 7 again, with the same result.')
    expect(interruptedWords({ ...run, steps: 0 }, [])).toBe('No step of 60 was finished; Resume starts again.')
    expect(interruptedWords({ ...run, steps: 3 }, [])).toBe('3 of 60 steps are kept, but no adapter; Resume starts again and makes them again, with the same result.')
    expect(interruptedWords({ ...run, steps: 1 }, [at(1)])).toBe('1 of 60 steps is kept; Resume continues from there.')
  })
})
