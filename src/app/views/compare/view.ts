// Compare: policies on the same tasks.
import { t } from '../../locales/index.ts'
import type { ViewModule } from '../../view.ts'

declare module '../../state/ui.ts' {
  interface Views {
    compare: true
  }
}

export const compare: ViewModule = {
  title: () => t().frame.views.compare,
  place: ({ compare: { result } }) => ({ comparison: result?.comparison.key ?? null }),
  async show({ workspace }, { comparison }) {
    await workspace.compare.getState().open(comparison)
  },
  load: async () => (await import('./compare.tsx')).CompareView,
}
