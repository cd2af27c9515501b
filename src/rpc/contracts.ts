// What the workers offer, as interfaces. The page sees only these.
import type { Archive, EpisodeSummary, StorageStatus } from '../core/archive.ts'
import type { EpisodeMemory } from '../core/memory/episode-memory.ts'
import type { MemoryStore } from '../core/memory/store.ts'
import type { EpisodeSettings, Step, Trajectory } from '../core/episode/trajectory.ts'
import type { Careless } from '../core/policy/scripted.ts'
import type { Task } from '../core/task.ts'
import type { ImportReport } from '../core/tasks/read.ts'

export type { Archive, EpisodeSummary, ImportReport, StorageStatus }

/** memory.worker */
export interface MemoryApi {
  episodes: EpisodeMemory
  store: MemoryStore
  archive: Archive
  status(): Promise<StorageStatus>
  /** Calls back at once with the present status and at every change. */
  watchStatus(listener: (status: StorageStatus) => void): Promise<void>
  /** Tries the database again after a failure. Nothing kept in memory is lost. */
  reconnect(): Promise<StorageStatus>
}

/** How a scripted policy is asked for; language models join here. */
export interface PolicyChoice {
  name: 'oracle' | 'store-all' | 'store-none' | 'careless'
  /** Probabilities of `careless`. */
  careless?: Careless
}

export interface EpisodeRequest {
  key: string
  task: Task
  policy: PolicyChoice
  seed: number
  settings: EpisodeSettings
}

export type LabEvent =
  | { type: 'started'; key: string; trajectory: Trajectory }
  | { type: 'step'; key: string; step: Step }
  | { type: 'paused'; key: string }
  | { type: 'finished'; key: string; trajectory: Trajectory; saved: boolean }

export type Pace = { kind: 'pause' } | { kind: 'run'; msPerStep: number }

/** lab.worker */
export interface LabApi {
  /** Plays one episode; events come batched. Resolves when it has ended, also when it was stopped. */
  runEpisode(request: EpisodeRequest, pace: Pace, onEvents: (events: LabEvent[]) => void): Promise<void>
  setPace(key: string, pace: Pace): Promise<void>
  /** Lets a paused episode make one step. */
  stepOnce(key: string): Promise<void>
  stop(key: string): Promise<void>
  /** Reads a HotpotQA or MuSiQue file (at most 60 MB). @throws with what is wrong when no record fits. */
  readTasks(file: Blob, name: string, onProgress: (share: number) => void): Promise<ImportReport>
  /** Validates exported trajectories (JSON or JSONL). @throws with line and field. */
  readTrajectories(file: Blob): Promise<Trajectory[]>
}
