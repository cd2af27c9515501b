// What this is, how to read it, and the keys.
import { t } from '../locales/index.ts'
import { useStores, useUi } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { questionLooks } from '../ui/phases.ts'
import { explain } from '../glossary.ts'
import { shortcutGroups } from './keyboard.ts'

function Keys() {
  const stores = useStores()
  return (
    <div className="key-groups">
      {shortcutGroups(stores).map(({ title, shortcuts }) => (
        <section key={title}>
          <h3 className="label">{title}</h3>
          <dl className="keys">
            {shortcuts.map(({ shown, help }) => (
              <div key={shown}>
                <dt>
                  {shown.split(' ').map((each) => (
                    <kbd key={each}>{each}</kbd>
                  ))}
                </dt>
                <dd>{help()}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  )
}

export function Help() {
  const open = useUi((state) => state.help)
  const { ui, actions } = useStores()
  const words = t().frame.help
  const close = () => { ui.getState().setHelp(false) }
  return (
    <Modal open={open} title={words.title} onClose={close}>
      <div className="help">
        <p>
          {words.what} (<span className="wrote">arXiv 2601.01885</span>); {words.terms}
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
        <p>{words.how}</p>
        <Keys />
        <p className="help-end">
          <Button
            onClick={() => {
              close()
              void actions.startTour()
            }}
          >
            {words.tour}
          </Button>
          <span className="quiet">
            {words.scripts} <span className="wrote">window.agemem</span>
          </span>
        </p>
      </div>
    </Modal>
  )
}
