// Which task of the world or the file.
import { t } from '../locales/index.ts'
import { useConfig, useFiles } from '../state/context.tsx'
import { Controls } from './controls.ts'
import { Part } from './part.tsx'
import { indexWords } from './wording.ts'

export function IndexPart() {
  const state = useConfig((each) => each)
  const file = useFiles((each) => each.loaded)
  const chosen = indexWords(state, file)
  if (chosen === null) return null
  return (
    <Part label={t().sentence.index.label} words={chosen}>
      <Controls.index />
    </Part>
  )
}
