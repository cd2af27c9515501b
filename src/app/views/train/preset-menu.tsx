// Whole plans of a training to start from.
import { trainPresetNames, trainPresets } from '../../../core/training/config.ts'
import { useWorkspace, useTraining } from '../../state/context.tsx'
import { ExamplesMenu } from '../../ui/examples-menu.tsx'
import { planSentence, presetWords } from '../../sentence/plan-words.ts'

export function PresetMenu() {
  const { training } = useWorkspace()
  const model = useTraining((state) => state.source.name)
  const examples = trainPresetNames.map((name) => ({
    ...presetWords[name],
    sentence: planSentence(trainPresets[name], model),
    onChoose: () => { training.getState().usePreset(name) },
  }))
  return <ExamplesMenu label="Presets" examples={examples} />
}
