// What the Models view says: forms of weights, why something did not work and what to do. In the language that is spoken.
import type { GpuState, WebLlmModel, WebLlmProblem } from '../../core/policy/webllm.ts'
import { namesOf } from '../../core/table.ts'
import { size } from '../format.ts'
import { t } from '../locales/index.ts'
import type { ProblemText } from '../locales/en/ui.ts'

/** "about 3 min", from seconds. */
export function duration(seconds: number): string {
  const { about } = t().ui
  if (seconds < 60) return about(String(Math.max(1, Math.round(seconds))), 's')
  const minutes = seconds / 60
  return minutes < 60 ? about(String(Math.round(minutes)), 'min') : about((minutes / 60).toFixed(1), 'h')
}

/** "39 s", "12 min", "3.4 h": where there is little room. */
export function shortDuration(seconds: number): string {
  const { amount } = t().ui
  if (seconds < 60) return amount(String(Math.max(1, Math.round(seconds))), 's')
  const minutes = seconds / 60
  return minutes < 60 ? amount(String(Math.round(minutes)), 'min') : amount((minutes / 60).toFixed(1), 'h')
}

/** "4 bits, computes in 16": the form of a model's weights. */
export function formWords({ id, quantisation }: Pick<WebLlmModel, 'id' | 'quantisation'>): string {
  const words = t().ui.webllm.weights
  const [, stored, calculated] = /^q(\d+)f(\d+)/.exec(quantisation) ?? []
  const suffix = /-MLC-(\w+)$/.exec(id)?.[1]
  const extra = suffix === undefined ? [] : [suffix === '1k' ? words.window1k : suffix]
  if (stored === undefined || calculated === undefined) return words.join([quantisation, ...extra])
  return words.join([stored === '0' ? words.whole(calculated) : words.quantised(stored, calculated), ...extra])
}

/** The adapter in a few words, as far as the browser tells. */
export function adapterWords({ adapter, fallback }: Extract<GpuState, { available: true }>): string {
  const words = t().ui.webllm
  const { vendor, architecture, device, description } = adapter
  const model = [vendor, device !== '' ? device : architecture].filter((part) => part !== '').join(' ')
  const name = description !== '' ? description : model
  return name !== '' ? name : fallback ? words.softwareAdapter : words.unnamedCard
}

/** Where WebGPU is switched on. Addresses of settings cannot be links: browsers forbid it. */
export function enableWords(): { browser: string; steps: string }[] {
  const { enable } = t().ui.webllm
  return namesOf(enable).map((browser) => ({ browser, steps: enable[browser] }))
}

/** A way out that the page offers. */
type Offer = 'retry' | 'twin' | 'delete' | 'unconstrained' | 'none'
type ProblemWords = ProblemText & { offer: Offer }

/** What happened, what it means, what to do. The library's own message is shown apart. */
export function wordsOf(problem: WebLlmProblem): ProblemWords {
  const { problems, noGpu } = t().ui.webllm
  switch (problem.kind) {
    case 'no-webgpu':
      return { ...problems.noWebGpu(noGpu[problem.reason]), offer: 'none' }
    case 'no-shader-f16':
      return { ...problems.noF16(problem.twin), offer: problem.twin === null ? 'none' : 'twin' }
    case 'device-lost':
      return { ...problems.deviceLost, offer: 'retry' }
    case 'out-of-memory':
      return { ...problems.outOfMemory, offer: 'retry' }
    case 'quota':
      return { ...problems.quota(problem.available === null ? null : size(problem.available)), offer: 'retry' }
    case 'network':
      return { ...problems.network(problem.status, hostOf(problem.url)), offer: 'retry' }
    case 'library-version':
      return { ...problems.libraryVersion, offer: 'none' }
    case 'integrity':
      return { ...problems.integrity(hostOf(problem.url)), offer: 'delete' }
    case 'context-window':
      return { ...problems.contextWindow(problem.window), offer: 'none' }
    case 'unknown-model':
      return { ...problems.unknownModel(problem.model), offer: 'none' }
    case 'internals':
      return { ...problems.internals, offer: 'none' }
    case 'layout':
      return { ...problems.layout, offer: 'none' }
    case 'quantised':
      return { ...problems.quantised(problem.unquantised && { id: problem.unquantised.id, size: problem.unquantised.bytes === null ? null : size(problem.unquantised.bytes) }), offer: 'none' }
    case 'device-limit':
      return { ...problems.deviceLimit(problem.limit), offer: 'none' }
    case 'torn-weights':
      return { ...problems.tornWeights, offer: 'retry' }
    case 'grammar':
      return { ...problems.grammar, offer: 'unconstrained' }
    case 'elsewhere':
      return { ...problems.elsewhere, offer: 'retry' }
    case 'no-files':
      return { ...problems.noFiles, offer: 'retry' }
    case 'aborted':
      return { ...problems.aborted, offer: 'retry' }
    case 'other':
      return { ...problems.other, offer: 'retry' }
  }
}

/** What the library or the browser said, when it said something. */
export function detailOf(problem: WebLlmProblem): string | null {
  return 'detail' in problem && problem.detail !== '' ? problem.detail : null
}

function hostOf(url: string | null): string | null {
  if (url === null) return null
  return URL.canParse(url) ? new URL(url).host : url
}
