// The `import` command: episodes of other programs (OpenAI messages, ATIF), or of this one, as records, one a line.
import { stat, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { report } from '../src/core/evaluation/metrics.ts'
import { rewardPresets } from '../src/core/reward/presets.ts'
import { scoreTrajectory } from '../src/core/reward/score.ts'
import { maxTrajectoryFile, parseEpisodes } from '../src/lab/read-trajectories.ts'
import type { ExitStatus, Io } from './io.ts'
import { readGiven } from './options.ts'

const usage = 'npm run -s agemem -- import --file F'
const help = `Reads episodes that another program wrote: conversations as OpenAI messages with tools (JSON or JSONL), and trajectories of
ATIF v1.0 to v1.8. Prints them as records of this one, one a line; Episodes → Import reads them, and the files themselves.
What this program exported is played again from its replies, and scored with the paper's weights; other conversations have no
task to score them by.

${usage}

  --file F   the file

Exit status: 0 done, 1 failed, 2 wrong arguments.
`

/** @throws ArgumentError, Error */
export async function runImportCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const options = readGiven(args, { options: { file: { type: 'string' } }, schema: z.object({ file: z.string().min(1) }), takes: { file: 'a file of episodes' }, hint: `Usage: ${usage}` })
  if (options === 'help') {
    await io.out(help)
    return 0
  }
  const { size } = await stat(options.file)
  if (size > maxTrajectoryFile) throw new Error(`${options.file} has ${Math.ceil(size / 2 ** 20)} MB; ${maxTrajectoryFile / 2 ** 20} MB is the limit. Import it in parts.`)
  const episodes = await parseEpisodes(await readFile(options.file, 'utf8'))
  let scored = 0
  for (const trajectory of episodes) {
    if (trajectory.status === 'complete') scored++
    await io.out(JSON.stringify(trajectory.status === 'complete' ? report(trajectory, scoreTrajectory(trajectory, rewardPresets.paper)) : trajectory))
  }
  io.tell(`${options.file}: ${episodes.length} ${episodes.length === 1 ? 'episode' : 'episodes'}, ${scored} of them scored.`)
  return 0
}
