// Checkpoints: adapters that trainings left.
import { t } from '../../locales/index.ts'
import type { ViewModule } from '../../view.ts'

declare module '../../state/ui.ts' {
  interface Views {
    checkpoints: true
  }
}

export const checkpoints: ViewModule = {
  title: () => t().frame.views.checkpoints,
  load: async () => (await import('./checkpoints.tsx')).CheckpointsView,
}
