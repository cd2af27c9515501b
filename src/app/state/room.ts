// What to say of a file whose tasks do not fit into the window, and what fits instead. Pure.
import type { Room } from '../../core/episode/room.ts'
import { t } from '../locales/index.ts'
import type { PolicyName } from './config.ts'
import type { ModelState } from './model.ts'
import type { WebLlmState } from './webllm.ts'

interface Misfit {
  text: string
  details: string[]
  /** The one that helps soonest: a larger T_max, or only the tasks that fit. */
  offer: { kind: 'tMax'; tMax: number } | { kind: 'tasks'; fits: number[] } | null
}

/** Tokens that the model of model.worker takes at once which is this policy; null: it is none, or not loaded. */
export function localWindow(policy: PolicyName, { nano, own }: Pick<ModelState, 'nano' | 'own'>): number | null {
  if (policy === 'nano') return nano.state === 'ready' ? nano.window : null
  return policy === 'own' && own.state === 'ready' ? own.window : null
}

/** The same of a model of WebLLM: as it was loaded, else as it is listed; null where neither is known. */
export function webLlmWindow(id: string | null, { card, models }: Pick<WebLlmState, 'card' | 'models'>): number | null {
  const known = card.state === 'ready' && card.id === id ? card.info.window : null
  const window = known ?? models?.find((each) => each.id === id)?.window ?? null
  return window !== null && window > 0 ? window : null
}

/** T_max goes so far on the page. */
const largest = 8192

/** Room for what the agent says and what tools answer, beside what the environment says. */
const withReplies = (needed: number) => Math.ceil((needed * 1.25) / 64) * 64

/**
 * Null when every task fits.
 * @param tasks in the file, of which the first may have been counted alone
 * @param policy by its name for people; @param window tokens that it takes at once, null: as many as T_max
 */
export function misfitOf(
  file: string,
  tasks: number,
  { limit, needs }: Room,
  policy: string,
  window: number | null,
): Misfit | null {
  const fits = needs.flatMap((needed, index) => (needed <= limit ? [index] : []))
  const large = needs.filter((needed) => needed > limit)
  if (large.length === 0) return null
  const least = large.reduce((a, b) => Math.min(a, b), Infinity)
  const most = large.reduce((a, b) => Math.max(a, b), 0)
  const words = t().actions.misfit
  const why = window !== null && window <= limit ? words.takes(policy, limit) : words.tMax(limit)
  const tMax = Math.min(withReplies(most), largest, window ?? largest)
  const enough = tMax > limit && most <= tMax
  const offer: Misfit['offer'] = enough ? { kind: 'tMax', tMax } : fits.length > 0 ? { kind: 'tasks', fits } : null
  return {
    text: words.text({ file, large: large.length, counted: needs.length, tasks, least, most, why }),
    details: [
      ...(tMax > limit ? [words.holds(tMax, most <= tMax)] : []),
      ...(fits.length > 0 ? [words.fits(fits.length)] : []),
      ...(window === null ? [] : [words.other]),
    ],
    offer,
  }
}
