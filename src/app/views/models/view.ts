// Models: what can play, and where it comes from.
import { t } from '../../locales/index.ts'
import type { ViewModule } from '../../view.ts'

declare module '../../state/ui.ts' {
  interface Views {
    models: true
  }
}

export const models: ViewModule = {
  title: () => t().frame.views.models,
  load: async () => (await import('./models.tsx')).ModelsView,
}
