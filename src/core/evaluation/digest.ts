// Makes of an episode what a table shows of it and searches in.
import { familyOf } from '../environments/families.ts'
import type { Digest, DigestTask, EpisodeDigest } from '../record/digest.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { measureTerm } from '../reward/terms.ts'
import { successFrom } from './metrics.ts'

function heardIn({ steps }: Trajectory): string {
  const told = steps.flatMap(({ before }) =>
    before.flatMap((event) => (event.type === 'stm.append' && event.message.role === 'user' ? [event.message.content] : [])),
  )
  return told.join('\n')
}

function toolsIn({ steps }: Trajectory): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { calls } of steps) for (const { name } of calls) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries(counts)
}

export function digestTaskOf(trajectory: Trajectory): DigestTask {
  const { task, id } = trajectory
  const family = familyOf(task)
  return { id: id.task, title: family.title(task), expected: family.expected(task), heard: heardIn(trajectory) }
}

/** @param score R_task where it has been measured already */
export function digestOf(trajectory: Trajectory, score = measureTerm('task', trajectory).value): Digest {
  return {
    steps: trajectory.steps.length,
    answer: trajectory.answer,
    right: trajectory.answer !== null && score >= successFrom,
    tools: toolsIn(trajectory),
    replies: trajectory.steps.map(({ reply }) => reply.text).join('\n'),
  }
}

export const episodeDigestOf = (trajectory: Trajectory): EpisodeDigest => ({ ...digestOf(trajectory), task: digestTaskOf(trajectory) })
