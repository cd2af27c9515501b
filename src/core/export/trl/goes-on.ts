// What training goes on with beside the adapter: a base model that exists for the reader, the optimizer's moments, what the KL
// term keeps to, and what was measured so far, so that the run comes back whole.
import { catalogue } from '../../policy/catalogue/catalogue.ts'
import { runFileNames } from '../../training/runs.ts'
import { json, type ExportedRun, type ExportFile } from '../files.ts'

/** owner/name in the address of a file on the Hub. */
const hubId = /^https:\/\/huggingface\.co\/([\w.-]+\/[\w.-]+)(?:\/|$)/

/** How the reader loads the base model: its folder in the export, its Hub id, or where it lay; null: they must say. */
function baseOf({ model, goingOn }: ExportedRun): string | null {
  if (goingOn && goingOn.model.length > 0) return 'model'
  const known = Object.values(catalogue).find(({ id, name }) => id === model.name || name === model.name)
  const [, linked = known?.repository ?? null] = hubId.exec(model.place ?? '') ?? []
  return linked ?? (model.place !== null && !model.place.includes('://') ? model.place : null)
}

/** The run with an adapter that names that model, and the model's name. */
export function baseModel(run: ExportedRun): { run: ExportedRun; model: string | null } {
  const model = baseOf(run)
  if (!run.adapter || model === null) return { run, model }
  const config: unknown = JSON.parse(run.adapter.config)
  const named = typeof config === 'object' && config !== null ? json({ ...config, base_model_name_or_path: model }) : run.adapter.config
  return { run: { ...run, adapter: { ...run.adapter, config: named } }, model }
}

export const goesOn = {
  files({ goingOn, adapter }: ExportedRun): ExportFile[] {
    if (!goingOn) return []
    const { model, moments, reference, history } = goingOn
    const lines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
    return [
      ...model.map(({ path, content }) => ({ path: `model/${path}`, content })),
      ...(adapter && moments
        ? [
            { path: 'adapter/first_moment.safetensors', content: moments.first },
            { path: 'adapter/second_moment.safetensors', content: moments.second },
            { path: 'adapter/moments.json', content: json({ optimizer_step: moments.step }) },
          ]
        : []),
      ...(reference ? [{ path: 'reference/adapter_config.json', content: reference.config }, { path: 'reference/adapter_model.safetensors', content: reference.model }] : []),
      ...(history
        ? [
            { path: `history/${runFileNames.run}`, content: lines([{ kind: 'agemem-run', schema_version: 1, run: history.run }]) },
            { path: `history/${runFileNames.steps}`, content: lines(history.steps) },
            { path: `history/${runFileNames.evaluations}`, content: lines(history.evaluations) },
          ]
        : []),
    ]
  },
  /** For the README. */
  words({ goingOn, adapter }: ExportedRun): string {
    if (!goingOn) return ''
    const { model, moments, reference, history } = goingOn
    return [
      ...(model.length > 0 ? ['\n- `model/`: the base model.'] : []),
      ...(adapter && moments ? ['\n- `adapter/first_moment.safetensors`, `adapter/second_moment.safetensors`: Adam’s moments by the adapter’s names; training goes on with them.'] : []),
      ...(reference ? ['\n- `reference/`: the adapter that the run began from, which the KL term keeps to.'] : []),
      ...(history ? ['\n- `history/`: what was measured so far, which goes back into the playground with what is measured in TRL.'] : []),
    ].join('')
  },
}
