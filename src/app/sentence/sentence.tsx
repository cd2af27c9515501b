// The whole configuration in one sentence; each part opens its control.
import { t } from '../locales/index.ts'
import { useConfig, useFiles } from '../state/context.tsx'
import { Fill } from '../ui/fill.tsx'
import { AgentPart } from './agent-part.tsx'
import { difficultyWords } from './difficulty.ts'
import { IndexPart } from './index-part.tsx'
import { PolicyPart } from './policy-part.tsx'
import { Presets } from './presets.tsx'
import { RewardPart } from './reward-part.tsx'
import { RunButtons } from './run-buttons.tsx'
import { Seed } from './seed.tsx'
import { SettingsPart } from './settings-part.tsx'
import { SourcePart } from './source-part.tsx'
import { indexWords } from './wording.ts'

export function Sentence() {
  const state = useConfig((each) => each)
  const file = useFiles((each) => each.loaded)
  const words = t().sentence
  const difficulty = state.source === 'world' ? words.difficultyBeside(difficultyWords(state.difficulty)) : null
  return (
    <section className="sentence" aria-label={words.region}>
      <Presets />
      <p>
        <Fill
          words={indexWords(state, file) === null ? words.wholeOfOne : words.whole}
          slots={{
            policy: <PolicyPart />,
            agent: <AgentPart />,
            index: <IndexPart />,
            source: <SourcePart />,
            difficulty: <span className="quiet">{difficulty}</span>,
            settings: <SettingsPart />,
            // With its full stop: no line begins with that.
            reward: (
              <span className="last-part">
                <RewardPart />
                {words.end}
              </span>
            ),
          }}
        />
      </p>
      <div className="sentence-end">
        <Seed />
        <RunButtons />
      </div>
    </section>
  )
}
