// Finds the command, runs it, and turns what happened into an exit status.
import { withUsualSettings } from './adapter-folder.ts'
import { helpText, readOptions, type CommandOptions } from './arguments.ts'
import { runEpisodeCommand } from './episode.ts'
import { runEvaluateCommand } from './evaluate.ts'
import type { ExitStatus, Io } from './io.ts'
import { ArgumentError } from './options.ts'
import { messageOf } from '../src/core/error-message.ts'

type Command = (args: readonly string[], io: Io) => Promise<ExitStatus>

/** Commands that play episodes share their options. */
const playing =
  (run: (options: CommandOptions, io: Io) => Promise<ExitStatus>): Command =>
  async (args, io) => {
    const options = readOptions(args)
    if (options !== 'help') return run(await withUsualSettings(options), io)
    await io.out(helpText)
    return 0
  }

const commands: Readonly<Record<string, Command>> = {
  episode: playing(runEpisodeCommand),
  evaluate: playing(runEvaluateCommand),
  // Loaded when they are asked for: they bring onnxruntime along.
  golden: async (args, io) => (await import('./golden.ts')).runGoldenCommand(args, io),
  pretrain: async (args, io) => (await import('./pretrain.ts')).runPretrainCommand(args, io),
  sft: async (args, io) => (await import('./sft.ts')).runSftCommand(args, io),
  train: async (args, io) => (await import('./train.ts')).runTrainCommand(args, io),
  experiment: async (args, io) => (await import('./experiment.ts')).runExperimentCommand(args, io),
  export: async (args, io) => (await import('./export.ts')).runExportCommand(args, io),
  import: async (args, io) => (await import('./import.ts')).runImportCommand(args, io),
  card: async (args, io) => (await import('./card.ts')).runCardCommand(args, io),
}

/** Runs `agemem <argv>`: 0 done, 1 failed, 2 wrong arguments. Errors are told, never thrown. */
export async function dispatch(argv: readonly string[], io: Io): Promise<ExitStatus> {
  const [name, ...rest] = argv
  try {
    if (name === '--help' || name === '-h' || name === 'help') {
      await io.out(helpText)
      return 0
    }
    const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
    if (!command) {
      const problem = name === undefined ? 'Name a command' : `There is no command "${name}"`
      throw new ArgumentError(`${problem}: ${Object.keys(commands).join(', ')}.`)
    }
    return await command(rest, io)
  } catch (error) {
    if (error instanceof ArgumentError) {
      io.tell(error.message)
      io.tell('npm run -s agemem -- --help lists everything.')
      return 2
    }
    io.tell(messageOf(error))
    return 1
  }
}
