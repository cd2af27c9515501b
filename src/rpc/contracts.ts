// What the workers offer, as interfaces. The page sees only these.
import type { ExportedRun, ExportFile } from '../core/export/files.ts'
import type { ShownRequest } from './exchange.ts'
import type { AgentName } from '../core/agents/names.ts'
import type { Archive, EpisodeSummary, StorageStatus } from '../core/record/archive.ts'
import type { DataReference } from '../core/environments/family.ts'
import type { DataSet, DataSetStore } from '../core/environments/data-sets.ts'
import type { ComparisonStore } from '../core/evaluation/comparisons.ts'
import type { ExperimentStore } from '../core/experiments/results.ts'
import type { MemoryStore } from '../core/memory/store.ts'
import type { Room } from '../core/episode/room.ts'
import type { TaskOrigin } from '../core/record/setup.ts'
import type { BranchSpec } from '../core/episode/branch.ts'
import type { EpisodeSettings, Generation, Step, Trajectory } from '../core/record/trajectory.ts'
import type { RewardWeights } from '../core/reward/reward.ts'
import type { ModelInfo, ModelNeeds, ModelProgress, ModelSource } from '../core/policy/model.ts'
import type { ChatMessage, GenerateRequest } from '../core/policy/policy.ts'
import type { TokenView } from '../core/policy/token-view.ts'
import type { AdapterTensors, GradientSource, PeftFiles, TrainedPeft, TrainableWeights } from '../core/policy/trainable.ts'
import type { Task } from '../core/environments/question/task.ts'
import type { AnyTask } from '../core/record/task.ts'
import type { ImportReport } from '../core/environments/question/sources/read.ts'
import type { RunStore } from '../core/training/runs.ts'
import type { PolicyChoice } from './policy-choice.ts'
import type { StreamApi } from './streams.ts'
import type { TrainingApi } from './training.ts'

export type { PolicyChoice }
export type { Archive, EpisodeSummary, ImportReport, StorageStatus }

/** memory.worker */
export interface MemoryApi {
  store: MemoryStore
  archive: Archive
  runs: RunStore
  data: DataSetStore
  comparisons: ComparisonStore
  experiments: ExperimentStore
  status(): Promise<StorageStatus>
  /** Calls back at once with the present status and at every change. */
  watchStatus(listener: (status: StorageStatus) => void): Promise<void>
  /** Tries the database again after a failure. Nothing kept in memory is lost. */
  reconnect(): Promise<StorageStatus>
}

/** Something of the page's own that was dropped on it. */
export type DroppedKind = 'run' | 'adapter'

/**
 * model.worker: the page's, and on a CPU those of replicas of a small model, a thread each. Calls are
 * served one after another.
 */
export interface ModelApi extends StreamApi, TrainableWeights, GradientSource {
  /** What a model would need; reads its small files only. @throws with what is missing or damaged */
  plan(source: ModelSource): Promise<ModelNeeds>
  /** The same by what its config.json holds, of a model of which nothing is here yet. @throws ModelConfigError */
  needs(config: unknown): Promise<ModelNeeds>
  /**
   * Loads a model in the place of the one before; nothing happens when it is there.
   * @param first what it will be asked to sample with, so that its programs are built once. @throws with what is missing, damaged or too large
   */
  load(source: ModelSource, onProgress: (progress: ModelProgress) => void, first?: AdapterTensors | null): Promise<ModelInfo>
  /** Loads a model that is about to be asked, unless one is at work. Says nothing: whoever asks is told what went wrong. */
  prepare(source: ModelSource, first?: AdapterTensors | null): Promise<void>
  /** What the model thinks of given tokens behind a conversation. */
  inspect(conversation: ChatMessage[], ids: number[], alternatives: number): Promise<TokenView[]>
  /** Samples with this adapter; null: with the base model alone. @throws when it is another model's */
  useAdapter(adapter: AdapterTensors | null): Promise<void>
  /** For export. @throws when it is another model's */
  peftFiles(adapter: AdapterTensors): Promise<PeftFiles>
  /** For import. @param of a model that need not be loaded, of which the small files are read; left out: the one that is. @throws with what does not fit this model */
  readPeft(files: PeftFiles, of?: ModelSource): Promise<AdapterTensors>
}

export interface EpisodeRequest {
  key: string
  task: AnyTask
  policy: PolicyChoice
  /** Who tends the memory; left out: AgeMem. */
  agent?: AgentName
  seed: number
  settings: EpisodeSettings
  /** Id of WebLLM's embedding model that compares texts; left out or null: the one by words. */
  embedder?: string | null
  /** Where the task came from, as it is recorded; left out: it is given as it stands. */
  source?: TaskOrigin
  /** Weights of the reward that is chosen, as they are recorded. */
  reward?: RewardWeights
  /** Which rollout of the task, as it seeds the replies; left out: 0. */
  rollout?: number
  /** It begins as a recorded episode, up to a change. */
  branch?: BranchSpec
}

/** What a person is asked for. */
export type PersonAsked = Pick<GenerateRequest, 'purpose' | 'conversation'>

export type LabEvent =
  | { type: 'started'; key: string; trajectory: Trajectory }
  | { type: 'step'; key: string; step: Step }
  /** The model is not there yet. */
  | { type: 'loading'; key: string; progress: ModelProgress }
  /** The reply under way, as far as it has come. */
  | { type: 'text'; key: string; text: string }
  | { type: 'paused'; key: string }
  /** The person is asked for a reply. */
  | { type: 'asked'; key: string; asked: PersonAsked }
  | { type: 'finished'; key: string; trajectory: Trajectory; saved: boolean }

export type Pace = { kind: 'pause' } | { kind: 'run'; msPerStep: number }

/** How far a group is. */
export interface GroupProgress {
  /** Rollouts that are over. */
  over: number
  /** Steps of all together. */
  steps: number
  /** The model is not there yet. */
  loading: ModelProgress | null
}

export interface PlayedGroup {
  trajectories: Trajectory[]
  /** All could be written to the disk. */
  saved: boolean
}

/** How far the import of a run is. */
export interface ImportProgress {
  name: string
  step: number
  steps: number
}

/** lab.worker */
export interface LabApi {
  /** Plays one episode; events come batched. Resolves when it has ended, also when it was stopped. */
  runEpisode(request: EpisodeRequest, pace: Pace, onEvents: (events: LabEvent[]) => void): Promise<void>
  /** What the person says who was asked; nothing where nobody is asked any more. */
  reply(key: string, text: string): Promise<void>
  /** What a model would say to what the person of this episode is asked now. @throws when nobody is asked, or as runEpisode() does */
  suggest(key: string, model: PolicyChoice): Promise<Generation>
  /** Plays `rollouts` rollouts of the task, in lockstep (WebLLM: one after another), in this worker's own memory, and records none of them. */
  runGroup(request: EpisodeRequest, rollouts: number): Promise<Trajectory[]>
  /** The same, each recorded under its own key (groupRolloutKey) when all are over or it was stopped; tells how far they are. */
  playGroup(request: EpisodeRequest, rollouts: number, onProgress: (progress: GroupProgress) => void): Promise<PlayedGroup>
  setPace(key: string, pace: Pace): Promise<void>
  /** Lets a paused episode make one step. */
  stepOnce(key: string): Promise<void>
  /** Ends an episode. Resolves when its record is as it will be. */
  stop(key: string): Promise<void>
  /** Which files were dropped; null: neither a run nor an adapter. @throws when it is a damaged zip */
  kindOfDropped(files: File[]): Promise<DroppedKind | null>
  /** Reads a HotpotQA or MuSiQue file, the first records of a large one. @throws with what is wrong when no record fits. */
  readTasks(file: Blob, name: string, onProgress: (share: number) => void): Promise<ImportReport>
  /**
   * What of the tasks fits into the window. A model of model.worker is loaded for its tokenizer, unless it is being
   * trained; where that cannot be, tokens are estimated by words.
   * @param window of a model of webllm.worker, where it is known. @param agent left out: AgeMem
   */
  room(tasks: AnyTask[], choice: PolicyChoice, settings: EpisodeSettings, window: number | null, agent?: AgentName): Promise<Room>
  /** The same of a data set that is kept, with so many distractors a task. @throws MissingDataError */
  roomOfData(data: DataReference, distractors: number, source: ModelSource, settings: EpisodeSettings): Promise<Room>
  /** Keeps the tasks of a file, to train on. */
  keepTasks(name: string, tasks: Task[]): Promise<{ set: DataSet; saved: boolean }>
  /** Validates exported trajectories (JSON or JSONL). @throws with line and field. */
  readTrajectories(file: Blob): Promise<Trajectory[]>
  /** Reads an adapter of PEFT: a zip, or its two files. @throws with what is wrong */
  readAdapter(files: File[]): Promise<PeftFiles>
  /** The adapter that an engine outside trained, in the file of the run that comes back; null: it has none. @throws with what is wrong */
  readTrained(file: Blob): Promise<TrainedPeft | null>
  /** Takes an exported run under this key, whole or not at all. @throws with file, line and field */
  importRun(file: Blob, key: string, onProgress: (progress: ImportProgress) => void): Promise<ImportProgress>
  /** Packs what was played or measured for a program that shows it; hears of each step that is read. @throws with what is not kept */
  exportShown(request: ShownRequest, onStep: (step: number) => void): Promise<Blob>
  /** A run's files for verl, among them Parquet, whose writer the page does not load. */
  verlFiles(run: ExportedRun): Promise<ExportFile[]>
  training: TrainingApi
}
