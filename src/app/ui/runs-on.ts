// What a model runs on, and why, in the page's words.
import type { RunsOn } from '../../core/policy/model.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'

export function runsOnWords({ device, hardware, milliseconds, others }: RunsOn): string {
  const words = t().sentence.runsOn
  const where = hardware.kind === 'gpu' ? words.card(hardware.name ?? words.unnamed, hardware.software) : words.cpu[device === 'node' ? 'node' : 'wasm'](hardware.threads)
  const parts = [milliseconds === null ? where : words.pace(where, decimal(milliseconds, 1))]
  for (const other of others) parts.push(other.milliseconds === null ? words.unusable(words.names[other.device], other.problem ?? '') : words.slower(words.names[other.device], decimal(other.milliseconds, 1)))
  return parts.join(words.between)
}
