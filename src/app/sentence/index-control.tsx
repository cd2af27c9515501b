// Which task of the world or the file.
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { maxIndex } from '../state/config.ts'
import { t } from '../locales/index.ts'
import { useConfig, useFiles, useStores } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { NumberField } from '../ui/fields.tsx'

export function IndexControl() {
  const { config } = useStores()
  const state = useConfig((each) => each)
  const file = useFiles((each) => each.loaded)
  const words = t().sentence.index
  const last = state.source === 'file' && file ? file.tasks.length - 1 : maxIndex
  const go = (index: number) => { config.getState().set({ index: Math.min(last, Math.max(0, index)) }) }
  return (
    <>
      <div className="index-field">
        <NumberField label={words.field} name={words.label} value={state.index + 1} min={1} max={last + 1} onChange={(value) => { go(value - 1) }} />
        <Button shape="icon" aria-label={words.previous} disabled={state.index === 0} onClick={() => { go(state.index - 1) }}>
          <ChevronLeft aria-hidden />
        </Button>
        <Button shape="icon" aria-label={words.next} disabled={state.index === last} onClick={() => { go(state.index + 1) }}>
          <ChevronRight aria-hidden />
        </Button>
      </div>
      {state.source === 'file' && file && (
        <ol className="task-list" aria-label={words.list}>
          {file.tasks.slice(0, 200).map((task, index) => (
            <li key={task.id}>
              <button type="button" aria-current={index === state.index} onClick={() => { go(index) }}>
                <span className="number quiet">{index + 1}</span> {task.query}
              </button>
            </li>
          ))}
        </ol>
      )}
      {state.source === 'world' && <p className="popover-note quiet">{words.world}</p>}
    </>
  )
}
