// Gives components the stores. Made once in main.tsx, passed down, never imported as globals.
import { createContext, useContext, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { CompareState } from './compare.ts'
import type { ExperimentsState } from './experiments.ts'
import type { GroupState } from './group.ts'
import type { Actions, BoundCommand } from '../actions/index.ts'
import type { TrainingWorkspace } from './training-workspace.ts'
import type { ConfigState } from './config.ts'
import type { DataSetsState } from './data-sets.ts'
import type { EpisodeState } from './episode.ts'
import type { FilesState } from './files.ts'
import type { HostingState } from './hosting.ts'
import type { LibraryState } from './library.ts'
import type { ModelState } from './model.ts'
import type { StateStores } from './stores.ts'
import type { RolloutsState } from './rollouts.ts'
import type { RunsState } from './runs.ts'
import type { TrainingState } from './training.ts'
import type { TourState } from './tour.ts'
import type { UiState } from './ui.ts'
import type { WebLlmState } from './webllm.ts'
import type { WeightsState } from './weights.ts'

export interface Stores extends StateStores {
  actions: Actions
  commands: readonly BoundCommand[]
  /** Training, and what belongs to it. */
  workspace: TrainingWorkspace
}

const StoresContext = createContext<Stores | null>(null)

export function StoresProvider({ stores, children }: { stores: Stores; children: ReactNode }) {
  return <StoresContext value={stores}>{children}</StoresContext>
}

/** The stores themselves, for handlers. */
export function useStores(): Stores {
  const stores = useContext(StoresContext)
  if (!stores) throw new Error('Components need a StoresProvider around them.')
  return stores
}

export const useWorkspace = (): TrainingWorkspace => useStores().workspace
export const useActions = (): Actions => useStores().actions
export const useConfig = <T,>(select: (state: ConfigState) => T): T => useStore(useStores().config, select)
export const useEpisode = <T,>(select: (state: EpisodeState) => T): T => useStore(useStores().episode, select)
export const useFiles = <T,>(select: (state: FilesState) => T): T => useStore(useStores().files, select)
export const useHosting = <T,>(select: (state: HostingState) => T): T => useStore(useStores().hosting, select)
export const useLibrary = <T,>(select: (state: LibraryState) => T): T => useStore(useStores().library, select)
export const useModel = <T,>(select: (state: ModelState) => T): T => useStore(useStores().model, select)
export const useTour = <T,>(select: (state: TourState) => T): T => useStore(useStores().tour, select)
export const useUi = <T,>(select: (state: UiState) => T): T => useStore(useStores().ui, select)
export const useWebLlm = <T,>(select: (state: WebLlmState) => T): T => useStore(useStores().webllm, select)
export const useWeights = <T,>(select: (state: WeightsState) => T): T => useStore(useStores().weights, select)
export const useRuns = <T,>(select: (state: RunsState) => T): T => useStore(useWorkspace().runs, select)
export const useTraining = <T,>(select: (state: TrainingState) => T): T => useStore(useWorkspace().training, select)
export const useDataSets = <T,>(select: (state: DataSetsState) => T): T => useStore(useWorkspace().dataSets, select)
export const useGroup = <T,>(select: (state: GroupState) => T): T => useStore(useWorkspace().group, select)
export const useRollouts = <T,>(select: (state: RolloutsState) => T): T => useStore(useWorkspace().rollouts, select)
export const useExperiments = <T,>(select: (state: ExperimentsState) => T): T => useStore(useWorkspace().experiments, select)
export const useCompare = <T,>(select: (state: CompareState) => T): T => useStore(useWorkspace().compare, select)
