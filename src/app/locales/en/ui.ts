// Small parts that many views share: dialogs, menus, failures, and what WebLLM and the graphics card have to say.
import type { NoWebGpu } from '../../../core/policy/webllm.ts'
import { integer } from '../../format.ts'

export interface ProblemText {
  what: string
  todo: string
}
const noGpu = (of: Record<NoWebGpu, ProblemText>): Record<NoWebGpu, ProblemText> => of

export const ui = {
  close: 'Close',
  moreFor: (of: string) => `More for “${of}”`,
  tryAgain: 'Try again',

  /** From seconds. */
  amount: (amount: string, unit: 's' | 'min' | 'h') => `${amount} ${unit}`,
  about: (amount: string, unit: 's' | 'min' | 'h') => `about ${amount} ${unit}`,

  load: {
    starting: 'Starting',
    configuration: 'Reading the configuration',
    reading: (file: string) => `Reading ${file}`,
    'weights-read': 'Weights read',
    programs: 'Building its programs',
    'further-workers': 'Loading it into further workers',
    ready: 'Ready',
    fetching: 'Fetching the weights',
    'fetching-embedder': 'Fetching the embedding model',
    'onto-card': 'Loading it onto the graphics card',
    shaders: 'Compiling its programs for the graphics card',
    'smaller-window': 'The card has too little memory for the whole window: loading with a smaller one',
  },

  webllm: {
    weights: {
      whole: (bits: string) => `full precision, ${bits} bits`,
      quantised: (bits: string, calculated: string) => `${bits} bits, computes in ${calculated}`,
      window1k: 'window of 1,024',
      join: (parts: readonly string[]) => parts.join(', '),
    },
    softwareAdapter: 'a software adapter',
    unnamedCard: 'a graphics card that the browser does not name',
    noGpu: noGpu({
      insecure: {
        what: 'Browsers hide WebGPU from pages served over plain http.',
        todo: 'Open the page over https, or from 127.0.0.1 or localhost.',
      },
      'no-api': {
        what: 'This browser does not support WebGPU, or it is switched off.',
        todo: 'See below how to switch it on; otherwise try a newer browser.',
      },
      'no-adapter': {
        what: 'The browser supports WebGPU but found no graphics card it would use.',
        todo: 'Often the driver is old or on the browser’s blocklist: update it, check chrome://gpu or about:support, or switch WebGPU on as described below.',
      },
      'no-device': {
        what: 'There is a graphics card, but it could not be opened.',
        todo: 'Close other tabs that use it, or restart the browser.',
      },
    }),
    /** Where WebGPU is switched on. */
    enable: {
      Chrome:
        'Version 113 or newer has it on Windows, macOS and ChromeOS; 121 on Android. Switch on “Use graphics acceleration when available” in Settings, System. On Linux, open chrome://flags and enable “Unsafe WebGPU Support” and “Vulkan”, then restart.',
      Edge: 'As in Chrome: Settings, System and performance, “Use graphics acceleration when available”; the flags are at edge://flags.',
      Safari:
        'Version 26 has it. Before that: Settings, Advanced, “Show features for web developers”, then in Feature Flags switch on WebGPU.',
      Firefox:
        'Version 141 has it on Windows, 145 on Macs with Apple silicon. Elsewhere open about:config and set dom.webgpu.enabled to true; Nightly has it on Linux.',
    },
    problems: {
      noWebGpu: (why: ProblemText): ProblemText => ({
        what: `There is no WebGPU here. ${why.what}`,
        todo: `${why.todo} nano does not need it and keeps working.`,
      }),
      noF16: (twin: string | null): ProblemText => ({
        what: 'This model computes in 16 bits, which this graphics card does not offer (shader-f16).',
        todo: twin === null ? 'Choose a model that computes in 32 bits.' : `${twin} is the same model in 32 bits.`,
      }),
      deviceLost: {
        what: 'The browser lost the graphics card: its driver was reset, the computer went to sleep, or the model was too large for it.',
        todo: 'Try again. If it happens right away, choose a smaller model.',
      },
      outOfMemory: {
        what: 'The model does not fit into the graphics card’s memory.',
        todo: 'Close other programs that use the card, or choose a smaller model or one with fewer bits.',
      },
      quota: (left: string | null): ProblemText => ({
        what: `The browser gives this page no more storage${left === null ? '' : `: ${left} left`}.`,
        todo: 'Delete a model you do not use, or free up disk space; then continue. What has arrived is kept.',
      }),
      network: (status: number | null, host: string | null): ProblemText => ({
        what: `${status === null ? 'The host could not be reached, or the connection broke' : `The host answered with ${status}`}${host === null ? '' : `, at ${host}`}.`,
        todo: 'What has arrived is kept. Try again: the download continues where it stopped.',
      }),
      libraryVersion: {
        what: 'The model’s compiled library was made for another version of WebLLM.',
        todo: 'Use a library compiled for the version on this page, or another model.',
      },
      integrity: (host: string | null): ProblemText => ({
        what: `A file is not what it should be${host === null ? '' : ` (from ${host})`}: damaged on the way, or changed on the host.`,
        todo: 'Delete what is here and download it again. If that does not help, do not trust the source.',
      }),
      contextWindow: (window: number): ProblemText => ({
        what: `The prompt is longer than the ${integer(window)} tokens the model takes.`,
        todo: 'Choose a smaller T_max in the sentence.',
      }),
      unknownModel: (model: string): ProblemText => ({
        what: `“${model}” cannot be used.`,
        todo: 'Check that the address is a folder of a model’s files (with config.json, or for WebLLM mlc-chat-config.json), or choose from the list.',
      }),
      internals: {
        what: 'This version of WebLLM is not the one this page was made for.',
        todo: 'Reload the page; if the message stays, it is a fault of the page.',
      },
      layout: {
        what: 'This model cannot learn: its weights do not lie as this page knows them.',
        todo: 'Train another model; this one can play.',
      },
      quantised: (whole: { id: string; size: string | null } | null): ProblemText => ({
        what: 'This model cannot learn: its weights are rounded to a few bits, and the small changes of a training would be rounded away.',
        todo: whole === null ? 'Train a model whose name has q0f16 or q0f32.' : `Take ${whole.id}: the same model with whole weights${whole.size === null ? '' : `, a download of ${whole.size}`}.`,
      }),
      deviceLimit: (limit: string): ProblemText => ({
        what: `This graphics card allows less than learning takes (${limit}).`,
        todo: 'Train a smaller model, or one of the engine that runs on the CPU.',
      }),
      tornWeights: {
        what: 'The model’s weights on the graphics card are those of no checkpoint: writing an adapter into them did not end.',
        todo: 'Load the model again. What was trained is kept up to the last checkpoint.',
      },
      grammar: {
        what: 'This model refused the grammar that keeps replies within the protocol.',
        todo: 'Let it reply freely: the parser reads what it can.',
      },
      elsewhere: {
        what: 'Another tab is fetching or reading these files.',
        todo: 'Wait until it is done, or close it; then try again.',
      },
      noFiles: {
        what: 'This browser keeps no files for this page, as in a private window.',
        todo: 'Open the page in an ordinary window, or choose a folder on your disk instead.',
      },
      aborted: { what: 'Stopped.', todo: '' },
      other: {
        what: 'Something went wrong that this page does not recognise.',
        todo: 'Try again; the message below says more.',
      },
    },
    /** Buttons that help. */
    offers: {
      retry: 'Try again',
      twin: 'Use its 32-bit form',
      delete: 'Go to its files',
      unconstrained: 'Let it reply freely',
    },
    others: 'Other models',
    nano: 'Let nano play',
  },
}
