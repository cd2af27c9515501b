// Experiments: the paper's tables and figures.
import { t } from '../../locales/index.ts'
import type { ViewModule } from '../../view.ts'

declare module '../../state/ui.ts' {
  interface Views {
    experiments: true
  }
}

export const experiments: ViewModule = {
  title: () => t().frame.views.experiments,
  place: ({ experiments: { at } }) => ({ experiment: at && (at.key === null ? at.name : `${at.name},${at.key}`) }),
  async show({ workspace }, { experiment }) {
    const [name = '', key = null] = experiment?.split(',') ?? []
    await workspace.experiments.getState().open(name === '' ? null : { name, key })
  },
  load: async () => (await import('./experiments.tsx')).ExperimentsView,
}
