// The steps of a stage as a row of marks: the tools that each used, a dot where it used none.
import { isToolName } from '../../../core/agents/agemem/tools/index.ts'
import { t } from '../../locales/index.ts'
import { lookOfTool } from '../../ui/tools.tsx'
import type { Mark } from './rollout-view.ts'

/** "Add, Add, Retrieve (failed)" */
function marksInWords(marks: readonly Mark[]): string {
  const words = t().group.strip
  if (marks.length === 0) return words.noSteps
  const said = marks.map(({ calls, broken }) => {
    const named = calls.map(({ name, ok }) => ({ word: isToolName(name) ? lookOfTool(name).word : name, ok }))
    const did = named.map(({ word, ok }) => (ok ? word : words.failed(word))).join(words.together)
    const all = did === '' ? words.noTool : did
    return broken ? words.broken(all) : all
  })
  return said.join(words.then)
}

export function ToolStrip({ marks }: { marks: readonly Mark[] }) {
  return (
    <span className="tool-strip" role="img" aria-label={marksInWords(marks)} title={marksInWords(marks)}>
      {marks.map(({ index, calls, broken }) => (
        <span key={index} className="strip-step" data-broken={broken}>
          {calls.map(({ name, ok }, i) => {
            const { hue, icon: Icon } = lookOfTool(name)
            return (
              <span key={i} className="strip-mark" data-hue={ok ? hue : 'bad'} data-ok={ok}>
                <Icon aria-hidden />
              </span>
            )
          })}
          {calls.length === 0 && <span className="strip-dot" />}
        </span>
      ))}
    </span>
  )
}
