// What a form of trajectories for another program is. One file each, in the table of viewers.ts.
import type { Shown } from '../episodes.ts'
import type { Out } from '../../core/export/out.ts'
import type { PartCounter, Places } from '../parts.ts'

export interface Viewer {
  /** The program, as people call it. */
  name: string
  /** What is in the folder, and how it is opened: Markdown. */
  about: string
  places: Places
  /** Writes all files but the README. @param counter is told of each episode */
  write(shown: Shown, out: Out, counter: PartCounter): Promise<void>
}

/** The README of such a folder. */
export const viewerReadme = ({ name, about, places }: Viewer, of: string, counter: PartCounter): string => `# “${of}” for ${name}

Exported by the AgeMem Playground: ${counter.episodes.toLocaleString('en')} ${counter.episodes === 1 ? 'episode' : 'episodes'}.

${about}

## What is here of the record, and what is not
${counter.table(places)}

The playground's own export of episodes (JSONL) holds all of it.
`
