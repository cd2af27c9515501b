import { describe, expect, it } from 'vitest'
import { miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import type { Aside, EpisodeEvent, Step } from '../../core/record/trajectory.ts'
import { courseOf, type CourseItem } from './course.ts'

const [first] = trajectoryOf({ task: miraTask(), steps: [{ phase: 'build', says: 'Noted.' }] }).steps
if (!first) throw new Error('The fixture has no step.')

const metadata = { created: 0, updated: 0, source_step: 0, tags: [], type: null, extra: {} }
const add = (id: string, call: number | null = null): EpisodeEvent => ({ type: 'ltm.add', call, entry: { id, content: id, metadata } })
const heard = (id: string): EpisodeEvent => ({ type: 'stm.append', call: null, message: { id, role: 'user', kind: 'message', content: id, tokens: 1 } })
const aside = (purpose: string, events?: number, call: number | null = null): Aside => ({
  purpose, call, prompt: [], generation: { text: '', tokens: 0, token_ids: null, logprobs: null, finish: 'stop' }, ...(events === undefined ? {} : { events }),
})
const stepOf = (patch: Partial<Step>): Step => ({ ...first, before: [], after: [], asides: [], ...patch })

const named = (items: readonly CourseItem[]) =>
  items.map((item) =>
    item.kind === 'aside' ? `ask ${item.aside.purpose}` : `${item.kind} ${item.event.type === 'ltm.add' ? item.event.entry.id : item.event.type}`)

describe('courseOf', () => {
  it('puts what was asked between the changes that it came between', () => {
    const step = stepOf({
      before: [heard('c1'), add('m1'), add('m2')],
      after: [heard('c2'), add('m3'), add('m4', 0), add('m5')],
      asides: [aside('extract', 1), aside('decide', 2), aside('link', 3), aside('evolve', 4), aside('summarise', undefined, 0), aside('last', 7)],
    })
    const { before, after } = courseOf(step, 0, undefined)
    expect(named(before)).toEqual(['event stm.append', 'ask extract', 'event m1', 'ask decide', 'event m2', 'ask link'])
    expect(named(after)).toEqual(['event stm.append', 'ask evolve', 'event m3', 'event m5', 'ask last'])
  })

  it('takes a change of the memory for one by hand in the step of a what-if alone, and there the last one', () => {
    const step = stepOf({ before: [add('m1'), add('m2')] })
    const branch = { of: 'e', step: 3, change: { what: 'memory' as const, id: null, text: 'm2' } }
    expect(named(courseOf(step, 3, branch).before)).toEqual(['event m1', 'by-hand m2'])
    expect(named(courseOf(step, 2, branch).before)).toEqual(['event m1', 'event m2'])
    expect(named(courseOf(step, 3, { ...branch, change: { what: 'reply', text: '' } }).before)).toEqual(['event m1', 'event m2'])
  })
})
