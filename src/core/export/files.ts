// What every export for a framework has: the tasks of the run, tools, prompt, reward weights, the adapter, the
// environment in Python. Pure: lists of files, packed by the caller; knows no framework.
import type { TrainConfig } from '../training/config.ts'
import type { DataSets } from '../environments/family.ts'
import type { DrawnTask } from '../evaluation/rollouts.ts'
import type { EvaluationMetrics } from '../evaluation/evaluation-metrics.ts'
import type { PeftFiles } from '../policy/trainable.ts'
import type { StepMetrics } from '../training/metrics.ts'
import type { RunRecord } from '../training/runs.ts'
import { evaluationTasks, tasksOfStep } from '../training/tasks-of-step.ts'
import { agentNamed } from '../agents/agents.ts'
import { keyPhrases } from '../environments/question/key-phrases.ts'
import { questionIn, type Task } from '../environments/question/task.ts'
import { trainsOnAll } from '../environments/question/training-tasks.ts'
import { toolDefinitions } from '../agents/agemem/tools/index.ts'
import { episodePy } from './python/episode-py.ts'

export interface ExportFile {
  path: string
  content: string | Uint8Array<ArrayBuffer>
}

interface ExportedTasks {
  /** Of the run's steps, in their order. */
  train: readonly Task[]
  heldOut: readonly Task[]
}

/** What an engine goes on with beside the adapter. */
export interface GoingOn {
  /** The base model's own files, where it is small enough to travel; else none. */
  model: readonly ExportFile[]
  /** Adam's moments in PEFT's form, as if they were adapters, and the updates that they have seen; null: they are not kept. */
  moments: { step: number; first: Uint8Array<ArrayBuffer>; second: Uint8Array<ArrayBuffer> } | null
  /** The adapter that the KL term keeps to; null: the base model. */
  reference: PeftFiles | null
  /** What was measured so far, for the run to come back as one. */
  history: { run: RunRecord; steps: readonly StepMetrics[]; evaluations: readonly EvaluationMetrics[] } | null
}

/** A run on its way out. */
export interface ExportedRun {
  name: string
  config: TrainConfig
  tasks: ExportedTasks
  /** The base model: its name, and where it was found; null: a folder on somebody's computer. */
  model: { name: string; place: string | null }
  /** In PEFT's form, with the steps that it was trained for; null: none is kept, a fresh one is trained. */
  adapter: { step: number; config: string; model: Uint8Array<ArrayBuffer> } | null
  /** Left out: an engine begins with the adapter alone. */
  goingOn?: GoingOn
}

/** Tasks for training at most: runs of very many steps would make files that nobody reads. */
export const mostTasks = 20_000

export const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** One task a line, with the key phrases of its query (eq. 21), which Python need not find again. */
const taskLines = (tasks: readonly Task[]): string => tasks.map((task) => `${JSON.stringify({ ...task, key_phrases: keyPhrases(task.query).map(({ text }) => text) })}\n`).join('')

/** The tasks that a run trains on and is evaluated with. @param most for training @throws MissingDataError, RangeError where they are no questions */
export async function tasksOfRun(config: TrainConfig, data: DataSets, most = mostTasks): Promise<ExportedTasks> {
  const steps = Math.min(config.steps, Math.ceil(most / config.b))
  const train = await Promise.all(Array.from({ length: steps }, (_, i) => tasksOfStep(config, i + 1, data)))
  const question = ({ task }: DrawnTask) => questionIn(task)
  const heldOut = trainsOnAll(config.tasks) ? [] : await evaluationTasks(config, data)
  return { train: train.flat().slice(0, most).map(question), heldOut: heldOut.map(question) }
}

/** All but the configuration of the framework, its script and the README. */
export function commonFiles({ name, config, tasks, model, adapter }: ExportedRun): ExportFile[] {
  return [
    { path: 'agemem.py', content: episodePy },
    { path: 'run.json', content: json({ name, model: model.name, adapter_step: adapter?.step ?? null, config }) },
    { path: 'reward.json', content: json(config.reward.weights) },
    { path: 'tools.json', content: json(toolDefinitions()) },
    { path: 'system_prompt.txt', content: agentNamed(config.agent ?? 'agemem').opening(config.episode) ?? '' },
    { path: 'tasks/train.jsonl', content: taskLines(tasks.train) },
    { path: 'tasks/held_out.jsonl', content: taskLines(tasks.heldOut) },
    ...(adapter
      ? [
          { path: 'adapter/adapter_config.json', content: adapter.config },
          { path: 'adapter/adapter_model.safetensors', content: adapter.model },
        ]
      : []),
  ]
}

/** README: what is in the folder, and which model it belongs to. */
export function commonWords({ name, config, tasks, model, adapter }: ExportedRun): string {
  const shown = tasks.train.length
  const nano = model.name === 'nano'
  const where = nano
    ? 'nano, the embedded model of the AgeMem Playground: a Llama in Hugging Face form, the folder `public/models/nano` of the project'
    : `${model.name}${model.place === null ? ', a model in Hugging Face form that was chosen from a folder' : ` (${model.place})`}`
  return `- Base model: ${where}. Give its folder, or its Hub id, as MODEL below.
- Adapter: ${adapter ? `\`adapter/\`, LoRA of rank ${config.lora.rank} after ${adapter.step} steps, as PEFT reads it. It fits no other base model.` : 'none is kept of this run; training begins with a fresh one.'}
- \`tasks/train.jsonl\`: the ${shown} tasks of the run's ${shown < config.steps * config.b ? `first ${Math.ceil(shown / config.b)} of ${config.steps}` : config.steps} steps, ${config.b} a step, in their order. \`tasks/held_out.jsonl\`: the ${tasks.heldOut.length} tasks that it was evaluated on. One task a line, with the fields of \`src/core/environments/question/task.ts\` of the project and the key phrases of the query.
- \`tools.json\`: the six tools as JSON schemas. \`system_prompt.txt\`: what the model was told. \`reward.json\`: the weights of the reward. \`run.json\`: everything that “${name}” was set up with.
- \`agemem.py\`: the three stages, the six tools and the reward in Python.`
}

/** README: what of the playground agemem.py is the same as, and what it has not. */
export const pythonDiffers = `- \`agemem.py\` plays and scores as the playground does: tools, recall, filters, the reading of broken replies, the judge and every term of the reward are the same functions (the project's \`npm run test:python\` holds them against each other to 1e-9). It knows the similarity of words alone, no sentence embedder, and no verdicts of a language model.`
