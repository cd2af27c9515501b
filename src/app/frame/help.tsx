// What this is, how to read it, and the keys.
import { useStores, useUi } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { questionLooks } from '../ui/phases.ts'
import { explain } from '../glossary.ts'
import { keys } from '../views/watch/keyboard.ts'

export function Help() {
  const open = useUi((state) => state.help)
  const { ui, actions } = useStores()
  const close = () => { ui.getState().setHelp(false) }
  return (
    <Modal open={open} title="AgeMem Playground" onClose={close}>
      <div className="help">
        <p>
          An agent with a small context window learns to manage its own memory: what to store, what to correct, what to throw out, when to look things up. You watch every step of it. The method is AgeMem (<span className="wrote">arXiv 2601.01885</span>); words with a dotted line explain themselves.
        </p>
        <ol className="help-stages">
          {questionLooks().map(({ phase, number, hue, title, term }) => (
            <li key={phase} data-hue={hue}>
              <span className="stage-mark">{number}</span>
              <p>
                <strong>{title}.</strong> {term && explain(term).sentence}
              </p>
            </li>
          ))}
        </ol>
        <p>Each underlined part of the sentence at the top opens its control. Press Run, then drag along the timeline: everything shows the moment under it. The address is a link to exactly what you see.</p>
        <dl className="keys">
          {keys.map(([key, what]) => (
            <div key={key}>
              <dt>
                {key.split(' ').map((each) => (
                  <kbd key={each}>{each}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <p className="help-end">
          <Button
            onClick={() => {
              close()
              void actions.startTour()
            }}
          >
            Show the introduction again
          </Button>
          <span className="quiet">
            For scripts: <span className="wrote">window.agemem</span>
          </span>
        </p>
      </div>
    </Modal>
  )
}
