// The whole configuration in one sentence; each part opens its control.
import { useConfig } from '../state/context.tsx'
import { difficultyWords } from './difficulty.ts'
import { IndexPart } from './index-part.tsx'
import { PolicyPart } from './policy-part.tsx'
import { Presets } from './presets.tsx'
import { RewardPart } from './reward-part.tsx'
import { RunButtons } from './run-buttons.tsx'
import { Seed } from './seed.tsx'
import { SettingsPart } from './settings-part.tsx'
import { SourcePart } from './source-part.tsx'

export function Sentence() {
  const source = useConfig((state) => state.source)
  const difficulty = useConfig((state) => state.difficulty)
  return (
    <section className="sentence" aria-label="What Run plays">
      <Presets />
      <p>
        <PolicyPart /> plays <IndexPart />
        <SourcePart />
        {source === 'world' && <span className="quiet"> ({difficultyWords(difficulty)})</span>} in <SettingsPart />, rewarded{' '}
        <span className="last-part">
          <RewardPart />.
        </span>
      </p>
      <Seed />
      <RunButtons />
    </section>
  )
}
