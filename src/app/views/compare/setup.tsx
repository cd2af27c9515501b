// Who is compared, on what, as a sentence; its parts open their controls.
import { Play, Plus, Square, X } from 'lucide-react'
import { Fragment, useMemo } from 'react'
import { trainPresets } from '../../../core/training/config.ts'
import { t } from '../../locales/index.ts'
import { useOtherSources } from '../../sentence/language-models.tsx'
import { Part } from '../../sentence/part.tsx'
import { maxSeed } from '../../state/config.ts'
import { useCompare, useConfig, useModel, useRuns, useTraining, useWebLlm, useWorkspace } from '../../state/context.tsx'
import { playersOf, type Player } from '../../state/players.ts'
import { runOf } from '../../state/runs.ts'
import { cachedOf } from '../../state/webllm.ts'
import { Button } from '../../ui/button.tsx'
import { Choices, NumberField, SliderField } from '../../ui/fields.tsx'
import { Term } from '../../ui/term.tsx'

/** More than these no table holds. */
const most = 6

/** All that could take part, as things are. */
function usePlayers(): Player[] {
  const nano = useModel((state) => state.nanoSource)
  const others = useOtherSources()
  const checkpoints = useRuns((state) => state.checkpoints)
  const runs = useRuns((state) => state.runs)
  const models = useWebLlm((state) => state.models)
  const cached = useWebLlm((state) => state.cached)
  const constrained = useConfig((state) => state.constrained)
  const careless = useConfig((state) => state.careless)
  return useMemo(() => {
    const webllm = (models ?? []).filter(({ id, kind }) => kind === 'chat' && cachedOf({ cached }, id)?.complete === true)
    return playersOf({ sources: [nano, ...others], checkpoints: checkpoints ?? [], runs: runs ?? [], webllm, constrained, careless })
  }, [nano, others, checkpoints, runs, models, cached, constrained, careless])
}

interface PlayerPartProps {
  label: string
  value: string
  words: string
  players: readonly Player[]
  onChange: (id: string) => void
  onRemove: (() => void) | null
}

function PlayerPart({ label, value, words, players, onChange, onRemove }: PlayerPartProps) {
  return (
    <Part label={label} words={words}>
      <div className="checkpoint-choices">
        <Choices label={label} value={value} choices={players.map(({ id, name, about }) => ({ value: id, name, about }))} onChange={onChange} />
      </div>
      {onRemove && (
        <Button size="small" onClick={onRemove}>
          <X aria-hidden /> {t().compare.setup.remove(words)}
        </Button>
      )}
    </Part>
  )
}

export function CompareSentence() {
  const { compare, training, runs } = useWorkspace()
  const setup = useCompare((state) => state.setup)
  const share = useCompare((state) => state.share)
  const stopping = useCompare((state) => state.stopping)
  const busy = useTraining((state) => state.live !== null)
  const players = usePlayers()
  const words = t().compare.setup
  const { set, begin, stop } = compare.getState()
  const chosen = setup.players.map((id) => players.find((each) => each.id === id) ?? null)
  const missing = chosen.find((each) => each?.choice === null || each === null)
  const others = players.filter(({ id }) => !setup.players.includes(id))
  const start = () => {
    const able = chosen.flatMap((player) => (player?.choice ? [{ name: player.name, choice: player.choice }] : []))
    const run = chosen.find((player) => player?.run)?.run ?? null
    const config = runOf(runs.getState(), run)?.config ?? training.getState().plan ?? trainPresets.quick
    void begin(able, { config, run })
  }
  const between = (i: number) => (i === 0 ? '' : i === chosen.length - 1 ? words.and : words.comma)
  return (
    <section className="sentence compare-sentence" aria-label={words.label}>
      <p>
        {words.compare}
        {chosen.map((player, i) => (
          <Fragment key={i}>
            {between(i)}
            <PlayerPart
              label={words.player(i + 1)}
              value={setup.players[i] ?? ''}
              words={player?.name ?? t().compare.players.gone}
              players={players.filter(({ id }) => id === setup.players[i] || !setup.players.includes(id))}
              onChange={(id) => { set({ players: setup.players.with(i, id) }) }}
              onRemove={chosen.length > 2 ? () => { set({ players: setup.players.toSpliced(i, 1) }) } : null}
            />
          </Fragment>
        ))}{' '}
        {chosen.length < most && others[0] && (
          <Button look="bare" shape="icon" size="small" aria-label={words.add} title={words.add} onClick={() => { if (others[0]) set({ players: [...setup.players, others[0].id] }) }}>
            <Plus aria-hidden />
          </Button>
        )}
        {words.on}
        <Part label={words.tasks} words={words.heldOut(setup.tasks)}>
          <div className="fields">
            <SliderField label={<Term name="heldOut">{words.heldOutTerm}</Term>} name={words.heldOutName} value={setup.tasks} min={8} max={256} step={8} onChange={(tasks) => { set({ tasks }) }} />
            <NumberField label={<Term name="seed">{words.seed}</Term>} name={words.seedName} value={setup.seed} min={0} max={maxSeed} onChange={(seed) => { set({ seed }) }} />
            <p className="popover-note quiet">{words.note}</p>
          </div>
        </Part>
        {words.end}
      </p>
      <div className="run-buttons" role="group" aria-label={words.group}>
        {share === null ? (
          <Button
            look="primary"
            disabled={missing !== undefined || busy}
            title={busy ? words.busy : missing === undefined ? undefined : words.notHere(missing?.name ?? t().compare.players.gone)}
            onClick={start}
          >
            <Play aria-hidden /> {words.button}
          </Button>
        ) : (
          <Button look="primary" disabled={stopping} onClick={stop}>
            <Square aria-hidden /> {stopping ? words.stopping : words.stop}
          </Button>
        )}
      </div>
    </section>
  )
}
