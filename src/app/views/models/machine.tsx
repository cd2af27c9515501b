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
      <summary>How to switch WebGPU on</summary>
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
  if (!gpu.available) {
    const { what, todo } = t().ui.webllm.noGpu[gpu.reason]
    return (
      <div className="verdict" data-hue="none">
        <CircleDashed aria-hidden />
        <div>
          <p>
            <strong>No WebGPU.</strong> {what} {todo}
          </p>
          <p className="quiet">nano and models of your own run on the CPU and need none: everything else on this page works.</p>
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
            <strong>WebGPU without a graphics card.</strong> The browser offers a <Term name="fallbackAdapter">software adapter</Term> ({adapterWords(gpu)}): it calculates correctly, on the CPU, far too slowly for a WebLLM model.
          </p>
          <p className="quiet">nano stays on wasm, which is faster than this. The models below can be fetched and would run, but a reply would take very long.</p>
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
          <strong>WebGPU is there:</strong> {adapterWords(gpu)}.
        </p>
        <p className="quiet">How much memory the card has, no browser tells. A model that does not fit ends in a message, and nothing breaks.</p>
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
  return (
    <section className="machine" aria-label="This machine">
      <Verdict gpu={gpu} />
      <dl className="machine-figures">
        {gpu.available && (
          <>
            <Figure name={<Term name="shaderF16">16-bit shaders</Term>}>{gpu.shaderF16 ? 'yes' : 'no'}</Figure>
            <Figure name="largest buffer">{size(gpu.limits.maxBufferSize)}</Figure>
            <Figure name="largest binding">{size(gpu.limits.maxStorageBufferBindingSize)}</Figure>
            <Figure name="buffers a shader">{integer(gpu.limits.maxStorageBuffersPerShaderStage)}</Figure>
          </>
        )}
        {storage ? (
          <>
            <Figure name="storage left">{size(Math.max(0, storage.quota - storage.usage))}</Figure>
            <Figure name="used by this page">{size(storage.usage)}</Figure>
            <Figure name="kept when space is short" about="Browsers clear what is not, when the disk fills up.">
              {storage.persisted ? 'yes' : 'not promised'}
            </Figure>
          </>
        ) : (
          <Figure name="storage left">not told</Figure>
        )}
      </dl>
    </section>
  )
}
