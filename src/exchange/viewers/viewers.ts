// The forms of trajectories for other programs, one file each: a new one is its file and its line here.
import type { Shown } from '../episodes.ts'
import type { Out } from '../../core/export/out.ts'
import { PartCounter } from '../parts.ts'
import { namesOf } from '../../core/table.ts'
import { atif } from './atif.ts'
import { openai } from './openai.ts'
import { trlCompletions } from './trl-completions.ts'
import { verifiers } from './verifiers.ts'
import { verlRollouts } from './verl-rollouts.ts'
import { viewerReadme, type Viewer } from './viewer.ts'

export const viewers = {
  openai,
  atif,
  'trl-completions': trlCompletions,
  'verl-rollouts': verlRollouts,
  verifiers,
} as const satisfies Record<string, Viewer>
export type ViewerName = keyof typeof viewers
export const viewerNames = namesOf(viewers)

/** All files of such an export. @returns how many episodes there are in it */
export async function writeForViewer(name: ViewerName, shown: Shown, out: Out): Promise<number> {
  const counter = new PartCounter()
  await viewers[name].write(shown, out, counter)
  out.file('README.md')
  out.write(viewerReadme(viewers[name], shown.name, counter))
  return counter.episodes
}
