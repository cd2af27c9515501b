// What this machine can do for a model on the graphics card, and what to do when it cannot.
import { CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Capabilities, GpuState } from '../../../core/policy/webllm.ts'
import { integer, size } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { Term } from '../../ui/term.tsx'
import { adapterWords, enableWords } from '../../ui/webllm-words.ts'

function Enable() {
  return (
    <details className="enable">
      <summary>{t().models.machine.how}</summary>
      <dl>
        {enableWords().map(({ browser, steps }) => (
          <div key={browser}>
            <dt>{browser}</dt>
            <dd>{steps}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

function Verdict({ gpu }: { gpu: GpuState }) {
  const words = t().models.machine
  if (!gpu.available) {
    const { what, todo } = t().ui.webllm.noGpu[gpu.reason]
    return (
      <div className="verdict" data-hue="none">
        <CircleDashed aria-hidden />
        <div>
          <p>
            <strong>{words.none}</strong> {what} {todo}
          </p>
          <p className="quiet">{words.noneAbout}</p>
          {gpu.detail !== '' && <p className="problem-detail wrote">{gpu.detail}</p>}
          <Enable />
        </div>
      </div>
    )
  }
  if (gpu.fallback) {
    return (
      <div className="verdict" data-hue="warn">
        <TriangleAlert aria-hidden />
        <div>
          <p>
            <strong>{words.software}</strong> {words.softwareHas}
            <Term name="fallbackAdapter">{words.softwareTerm}</Term>
            {words.softwareIs(adapterWords(gpu))}
          </p>
          <p className="quiet">{words.softwareAbout}</p>
          <Enable />
        </div>
      </div>
    )
  }
  return (
    <div className="verdict" data-hue="add">
      <CircleCheck aria-hidden />
      <div>
        <p>
          <strong>{words.there}</strong> {adapterWords(gpu)}.
        </p>
        <p className="quiet">{words.thereAbout}</p>
      </div>
    </div>
  )
}

function Figure({ name, children, about }: { name: ReactNode; children: ReactNode; about?: string }) {
  return (
    <div title={about}>
      <dt>{name}</dt>
      <dd className="number">{children}</dd>
    </div>
  )
}

export function Machine({ capabilities: { gpu, storage } }: { capabilities: Capabilities }) {
  const { yes, no, machine: words } = t().models
  return (
    <section className="machine" aria-label={words.label}>
      <Verdict gpu={gpu} />
      <dl className="machine-figures">
        {gpu.available && (
          <>
            <Figure name={<Term name="shaderF16">{words.f16}</Term>}>{gpu.shaderF16 ? yes : no}</Figure>
            <Figure name={words.buffer}>{size(gpu.limits.maxBufferSize)}</Figure>
            <Figure name={words.binding}>{size(gpu.limits.maxStorageBufferBindingSize)}</Figure>
            <Figure name={words.buffers}>{integer(gpu.limits.maxStorageBuffersPerShaderStage)}</Figure>
          </>
        )}
        {storage ? (
          <>
            <Figure name={words.left}>{size(Math.max(0, storage.quota - storage.usage))}</Figure>
            <Figure name={words.used}>{size(storage.usage)}</Figure>
            <Figure name={words.kept} about={words.keptAbout}>
              {storage.persisted ? yes : words.notPromised}
            </Figure>
          </>
        ) : (
          <Figure name={words.left}>{words.notTold}</Figure>
        )}
      </dl>
    </section>
  )
}
