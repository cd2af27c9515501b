// The one reader of recorded episodes: takes every version there has been and gives the present one, its task checked by
// its family.
import { z } from 'zod'
import { familyOf } from '../environments/families.ts'
import { messageOf } from '../error-message.ts'
import { fit, type Fit } from '../fit.ts'
import { anyTaskSchema, type AnyTask } from '../record/task.ts'
import { trajectorySchema, type Trajectory } from '../record/trajectory.ts'
import { fromVersion1, version1Schema } from './version-1.ts'

/** A task of one of the families, as its own schema has it. */
const familyTaskSchema = anyTaskSchema.transform((task, context): AnyTask => {
  const refuse = (message: string, path: string[]) => {
    context.addIssue({ code: 'custom', message, path })
    return z.NEVER
  }
  try {
    const read = fit(familyOf(task).schema, task)
    if (!read.success) {
      const { message, got, path } = read.misfit
      return refuse(got === null ? message : `${message}, not ${got}`, path.split('.'))
    }
    return read.data
  } catch (error) {
    return refuse(messageOf(error), ['family'])
  }
})

/** A record of any version, as the present one has it. */
export const recordSchema = z.discriminatedUnion('schema_version', [
  trajectorySchema.extend({ task: familyTaskSchema }),
  version1Schema.transform((record, context): Trajectory => {
    try {
      return fromVersion1(record)
    } catch (error) {
      context.addIssue(messageOf(error))
      return z.NEVER
    }
  }),
])

/** The episode, or the first thing that does not fit. */
export const readTrajectory = (value: unknown): Fit<Trajectory> => fit(recordSchema, value)
