// The examples as a menu: each says who plays it and why it ends as it does.
import { namesOf } from '../../core/table.ts'
import { t } from '../locales/index.ts'
import { useStores } from '../state/context.tsx'
import { ExamplesMenu } from '../ui/examples-menu.tsx'
import { examples } from './examples.ts'
import { sentence } from './wording.ts'

export function Presets() {
  const { config, actions } = useStores()
  const { label, list } = t().examples
  const entries = namesOf(examples).map((name) => ({
    ...list[name],
    sentence: sentence(examples[name], null),
    onChoose: () => {
      config.getState().set(examples[name])
      void actions.run()
    },
  }))
  return <ExamplesMenu label={label} examples={entries} />
}
