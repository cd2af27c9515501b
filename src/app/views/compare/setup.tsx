// Who is compared, on what, as a sentence; its parts open their controls.
import { Play, Plus, Square, X } from 'lucide-react'
import { Fragment, useMemo } from 'react'
import { trainPresets } from '../../../core/training/config.ts'
import { t } from '../../locales/index.ts'
import { useOtherSources } from '../../sentence/language-models.tsx'
import { Part } from '../../sentence/part.tsx'
import { agentNames } from '../../../core/agents/names.ts'
import { maxSeed, ruledBy } from '../../state/config.ts'
import { useCompare, useConfig, useModel, useRuns, useTraining, useWebLlm, useWorkspace } from '../../state/context.tsx'
import { playersOf, sameSeat, seated, type Player, type Seat } from '../../state/players.ts'
import { runOf } from '../../state/runs.ts'
import { cachedOf } from '../../state/webllm.ts'
import { liveModels, liveSource } from '../../state/weights.ts'
import { useAgentTexts } from '../../ui/agent-texts.ts'
import { agentWords } from '../../ui/agents.ts'
import { Button } from '../../ui/button.tsx'
import { Choices, NumberField, SliderField } from '../../ui/fields.tsx'
import { Select } from '../../ui/select.tsx'
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
    // As it is, a model of WebLLM plays by itself; with an adapter where it learns.
    return playersOf({ sources: [nano, ...others], live: liveModels({ models, cached }).map(liveSource), checkpoints: checkpoints ?? [], runs: runs ?? [], webllm, constrained, careless })
  }, [nano, others, checkpoints, runs, models, cached, constrained, careless])
}

/** All places that are left, those of AgeMem first. */
const openSeats = (players: readonly Player[], taken: readonly Seat[]): Seat[] =>
  agentNames.flatMap((agent) => players.map(({ id }) => seated(id, agent))).filter((seat) => !taken.some((each) => sameSeat(each, seat)))

const nameOfSeat = (name: string, { agent }: Seat) => (agent === 'agemem' ? name : t().agents.with(name, agentWords(agent)))

interface PlayerPartProps {
  label: string
  seat: Seat
  words: string
  players: readonly Player[]
  /** Other places that are taken. */
  taken: readonly Seat[]
  onChange: (seat: Seat) => void
  onRemove: (() => void) | null
}

function PlayerPart({ label, seat, words, players, taken, onChange, onRemove }: PlayerPartProps) {
  const free = (other: Seat) => !taken.some((each) => sameSeat(each, other))
  const able = players.filter(({ id }) => free(seated(id, seat.agent)))
  const choice = players.find(({ id }) => id === seat.player)?.choice ?? null
  const agents = agentNames.filter((agent) => free(seated(seat.player, agent)))
  const { ruled, label: agentLabel } = t().agents
  const texts = useAgentTexts()
  return (
    <Part label={label} words={words}>
      <div className="checkpoint-choices">
        <Choices label={label} value={seat.player} choices={able.map(({ id, name, about }) => ({ value: id, name, about }))} onChange={(player) => { onChange({ ...seat, player }) }} />
      </div>
      <div className="fields">
        <label className="seat-agent">
          <Term name="agent">{agentLabel}</Term>{' '}
          <Select label={agentLabel} value={seat.agent} choices={agents.map((agent) => ({ value: agent, name: agentWords(agent) }))} onChange={(agent) => { onChange({ ...seat, agent }) }} />
        </label>
        <p className="popover-note quiet">
          {texts?.[seat.agent].about} {choice && ruledBy(choice, seat.agent) && ruled}
        </p>
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
  const chosen = setup.players.map(({ player }) => players.find((each) => each.id === player) ?? null)
  const missing = chosen.find((each) => each?.choice === null || each === null)
  const [open] = openSeats(players, setup.players)
  const start = () => {
    const able = setup.players.flatMap((seat, i) => {
      const { name = '', choice = null } = chosen[i] ?? {}
      return choice ? [{ name: nameOfSeat(name, seat), choice: { ...choice, agent: seat.agent } }] : []
    })
    const run = chosen.find((player) => player?.run)?.run ?? null
    const config = runOf(runs.getState(), run)?.config ?? training.getState().plan ?? trainPresets.quick
    void begin(able, { config, run })
  }
  const between = (i: number) => (i === 0 ? '' : i === chosen.length - 1 ? words.and : words.comma)
  return (
    <section className="sentence compare-sentence" aria-label={words.label}>
      <p>
        {words.compare}
        {setup.players.map((seat, i) => (
          <Fragment key={i}>
            {between(i)}
            <PlayerPart
              label={words.player(i + 1)}
              seat={seat}
              words={nameOfSeat(chosen[i]?.name ?? t().compare.players.gone, seat)}
              players={players}
              taken={setup.players.filter((_, other) => other !== i)}
              onChange={(next) => { set({ players: setup.players.with(i, next) }) }}
              onRemove={chosen.length > 2 ? () => { set({ players: setup.players.toSpliced(i, 1) }) } : null}
            />
          </Fragment>
        ))}{' '}
        {chosen.length < most && open && (
          <Button look="bare" shape="icon" size="small" aria-label={words.add} title={words.add} onClick={() => { set({ players: [...setup.players, open] }) }}>
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
