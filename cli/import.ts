// The `import` command: episodes of other programs (OpenAI messages, ATIF), or of this one, as records, one a line; and what TRL
// trained on an exported run, back into the folder of the run.
import { stat, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { report } from '../src/core/evaluation/metrics.ts'
import { rewardPresets } from '../src/core/reward/presets.ts'
import { scoreTrajectory } from '../src/core/reward/score.ts'
import { maxTrajectoryFile, parseEpisodes } from '../src/lab/read-trajectories.ts'
import type { ExitStatus, Io } from './io.ts'
import { ArgumentError, readGiven } from './options.ts'

const usage = 'npm run -s agemem -- import --file F [--run DIR [--model M]]'
const given = z.string().min(1)
const help = `Reads episodes that another program wrote: conversations as OpenAI messages with tools (JSON or JSONL), and trajectories of
ATIF v1.0 to v1.8. Prints them as records of this one, one a line; Episodes → Import reads them, and the files themselves.
What this program exported is played again from its replies, and scored with the paper's weights; other conversations have no
task to score them by.

With --run it brings back what TRL trained on a run of train that was exported for it: the steps, their episodes and evaluations behind
those in DIR, and the adapter with Adam's moments as its newest checkpoint. train --resume goes on from there.

${usage}

  --file F   the file; with --run, the trained/for-playground.zip that train_agemem.py leaves
  --run DIR  the folder of the run that was exported
  --model M  its model, where that does not lie any more where the run found it

Exit status: 0 done, 1 failed, 2 wrong arguments.
`

/** @throws ArgumentError, Error */
export async function runImportCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const text = { type: 'string' } as const
  const options = readGiven(args, { options: { file: text, run: text, model: text }, schema: z.object({ file: given, run: given.optional(), model: given.optional() }), takes: { file: 'a file of episodes, or with --run what TRL trained', run: 'a folder that train keeps', model: 'a folder, or a GGUF file' }, hint: `Usage: ${usage}` })
  if (options === 'help') {
    await io.out(help)
    return 0
  }
  if (options.run !== undefined) {
    // Loaded when it is asked for: it reads models.
    const { importTrained } = await import('./import-trained.ts')
    await importTrained(options.file, options.run, options.model ?? null, io)
    return 0
  }
  if (options.model !== undefined) throw new ArgumentError(`--model goes with --run. Usage: ${usage}`)
  if (/\.zip$/i.test(options.file)) throw new ArgumentError(`${options.file} is no file of episodes. What TRL trained comes back into the folder of its run: --run DIR.`)
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
