// The stores of what the page knows, without what people can do with them.
import type { ConfigStore } from './config.ts'
import type { EpisodeStore } from './episode.ts'
import type { FilesStore } from './files.ts'
import type { HostingStore } from './hosting.ts'
import type { LibraryStore } from './library.ts'
import type { ModelStore } from './model.ts'
import type { TourStore } from './tour.ts'
import type { UiStore } from './ui.ts'
import type { WebLlmStore } from './webllm.ts'
import type { WeightsStore } from './weights.ts'

export interface StateStores {
  config: ConfigStore
  episode: EpisodeStore
  files: FilesStore
  hosting: HostingStore
  library: LibraryStore
  model: ModelStore
  tour: TourStore
  ui: UiStore
  webllm: WebLlmStore
  weights: WeightsStore
}
