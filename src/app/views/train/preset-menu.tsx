// Whole plans of a training to start from; the button says which one it is now.
import { trainPresetNames, trainPresets } from '../../../core/training/config.ts'
import { t } from '../../locales/index.ts'
import { useWorkspace, useTraining } from '../../state/context.tsx'
import { ExamplesMenu } from '../../ui/examples-menu.tsx'
import { planSentence } from '../../sentence/plan-words.ts'

export function PresetMenu() {
  const { training } = useWorkspace()
  const model = useTraining((state) => state.source.name)
  const examples = trainPresetNames.map((name) => ({
    ...t().train.presets[name],
    sentence: planSentence(trainPresets[name], model),
    onChoose: () => { training.getState().usePreset(name) },
  }))
  return <ExamplesMenu label={t().train.presetsMenu} examples={examples} />
}
