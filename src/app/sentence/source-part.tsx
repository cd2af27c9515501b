// Where the task comes from.
import { t } from '../locales/index.ts'
import { useConfig, useFiles } from '../state/context.tsx'
import { Controls } from './controls.ts'
import { Part } from './part.tsx'
import { sourceWords } from './wording.ts'

export function SourcePart() {
  const state = useConfig((each) => each)
  const file = useFiles((each) => each.loaded)
  return (
    <Part label={t().sentence.source.label} words={sourceWords(state, file)}>
      <Controls.source />
    </Part>
  )
}
