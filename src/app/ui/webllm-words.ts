// What the Models view says: forms of weights, why something did not work and what to do. Pure.
import type { GpuState, NoWebGpu, WebLlmModel, WebLlmProblem } from '../../core/policy/webllm.ts'
import { integer, size } from '../format.ts'

/** "about 3 min", from seconds. */
export function duration(seconds: number): string {
  if (seconds < 60) return `about ${Math.max(1, Math.round(seconds))} s`
  const minutes = seconds / 60
  return minutes < 60 ? `about ${Math.round(minutes)} min` : `about ${(minutes / 60).toFixed(1)} h`
}

/** "4 bits, calculates in 16": the form of a model's weights. */
export function formWords({ id, quantisation }: Pick<WebLlmModel, 'id' | 'quantisation'>): string {
  const [, stored, calculated] = /^q(\d+)f(\d+)/.exec(quantisation) ?? []
  const suffix = /-MLC-(\w+)$/.exec(id)?.[1]
  const extra = suffix === undefined ? '' : suffix === '1k' ? ', window of 1,024' : `, ${suffix}`
  if (stored === undefined || calculated === undefined) return `${quantisation}${extra}`
  return stored === '0' ? `whole, ${calculated} bits${extra}` : `${stored} bits, calculates in ${calculated}${extra}`
}

/** The adapter in a few words, as far as the browser tells. */
export function adapterWords({ adapter, fallback }: Extract<GpuState, { available: true }>): string {
  const { vendor, architecture, device, description } = adapter
  const name = description !== '' ? description : [vendor, device !== '' ? device : architecture].filter((part) => part !== '').join(' ')
  return name !== '' ? name : fallback ? 'a software adapter' : 'a graphics card that the browser does not name'
}

export const noGpuWords: Record<NoWebGpu, { what: string; todo: string }> = {
  insecure: { what: 'Browsers hide WebGPU from pages that come over plain http.', todo: 'Open the page over https, or from 127.0.0.1 or localhost.' },
  'no-api': { what: 'This browser does not know WebGPU, or it is switched off.', todo: 'Below is how to switch it on. Otherwise a newer browser may have it.' },
  'no-adapter': { what: 'The browser knows WebGPU and found no graphics card that it would use.', todo: 'Often its driver is old or on the browser’s blocklist: update it, see chrome://gpu or about:support, or switch WebGPU on as below.' },
  'no-device': { what: 'There is a graphics card, but it could not be opened.', todo: 'Close other tabs that use it, or restart the browser.' },
}

/** Where WebGPU is switched on. Addresses of settings cannot be links: browsers forbid it. */
export const enableWords: readonly { browser: string; steps: string }[] = [
  { browser: 'Chrome', steps: 'Version 113 or newer has it on Windows, macOS and ChromeOS; 121 on Android. Switch on “Use graphics acceleration when available” in Settings, System. On Linux, open chrome://flags and enable “Unsafe WebGPU Support” and “Vulkan”, then restart.' },
  { browser: 'Edge', steps: 'As in Chrome: Settings, System and performance, “Use graphics acceleration when available”; the flags are at edge://flags.' },
  { browser: 'Safari', steps: 'Version 26 has it. Before that: Settings, Advanced, “Show features for web developers”, then in Feature Flags switch on WebGPU.' },
  { browser: 'Firefox', steps: 'Version 141 has it on Windows, 145 on Macs with Apple silicon. Elsewhere open about:config and set dom.webgpu.enabled to true; Nightly has it on Linux.' },
]

interface ProblemWords {
  what: string
  todo: string
  /** A way out that the page offers. */
  offer: 'retry' | 'twin' | 'delete' | 'unconstrained' | 'none'
}

/** What happened, what it means, what to do. The library's own message is shown apart. */
export function wordsOf(problem: WebLlmProblem): ProblemWords {
  switch (problem.kind) {
    case 'no-webgpu':
      return { what: `There is no WebGPU here. ${noGpuWords[problem.reason].what}`, todo: `${noGpuWords[problem.reason].todo} nano needs none and goes on.`, offer: 'none' }
    case 'no-shader-f16':
      return problem.twin === null
        ? { what: 'This model calculates in 16 bits, which this graphics card does not offer (shader-f16).', todo: 'Choose a model that calculates in 32 bits.', offer: 'none' }
        : { what: 'This model calculates in 16 bits, which this graphics card does not offer (shader-f16).', todo: `${problem.twin} is the same model in 32 bits.`, offer: 'twin' }
    case 'device-lost':
      return { what: 'The browser lost the graphics card: its driver was reset, the computer slept, or the model was too large for it.', todo: 'Try again. If it happens at once, take a smaller model.', offer: 'retry' }
    case 'out-of-memory':
      return { what: 'The model does not fit into the memory of the graphics card.', todo: 'Close other programs that use it, or take a smaller model or one with fewer bits.', offer: 'retry' }
    case 'quota':
      return { what: `The browser gives this page no more storage${problem.available === null ? '' : `: ${size(problem.available)} are left`}.`, todo: 'Delete a model that you do not use, or free disk space; then go on. What has come is kept.', offer: 'retry' }
    case 'network':
      return { what: `${problem.status === null ? 'The host could not be reached, or the connection broke' : `The host answered with ${problem.status}`}${problem.url === null ? '' : `, at ${hostOf(problem.url)}`}.`, todo: 'What has come is kept. Try again: it goes on where it stopped.', offer: 'retry' }
    case 'library-version':
      return { what: 'The model’s compiled library was made for another version of WebLLM.', todo: 'Take a library that was compiled for the version that this page has, or another model.', offer: 'none' }
    case 'integrity':
      return { what: `A file is not what it should be${problem.url === null ? '' : ` (from ${hostOf(problem.url)})`}: damaged on its way, or changed on the host.`, todo: 'Delete what is here and fetch it again. If that does not help, do not trust the source.', offer: 'delete' }
    case 'context-window':
      return { what: `The prompt is longer than the ${integer(problem.window)} tokens that the model takes.`, todo: 'Choose a smaller T_max in the sentence.', offer: 'none' }
    case 'unknown-model':
      return { what: `“${problem.model}” cannot be used.`, todo: 'See that the address is of a folder with mlc-chat-config.json, or choose from the list.', offer: 'none' }
    case 'internals':
      return { what: 'This version of WebLLM is not the one that the page was made for.', todo: 'Reload the page; if it stays, this is a fault of the page.', offer: 'none' }
    case 'grammar':
      return { what: 'The grammar that keeps replies in the protocol was refused for this model.', todo: 'Let it reply freely: the parser reads what it can.', offer: 'unconstrained' }
    case 'aborted':
      return { what: 'Stopped.', todo: '', offer: 'retry' }
    case 'other':
      return { what: 'Something went wrong that this page does not know.', todo: 'Try again; the message below says more.', offer: 'retry' }
  }
}

/** What the library or the browser said, when it said something. */
export function detailOf(problem: WebLlmProblem): string | null {
  return 'detail' in problem && problem.detail !== '' ? problem.detail : null
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
