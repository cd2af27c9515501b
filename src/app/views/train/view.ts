// Train: runs, their charts, and the plan of a new one.
import { useTraining } from '../../state/context.tsx'
import { t } from '../../locales/index.ts'
import type { ViewModule } from '../../view.ts'

declare module '../../state/ui.ts' {
  interface Views {
    train: true
  }
}

export const train: ViewModule = {
  title: () => t().frame.views.train,
  load: async () => (await import('./train.tsx')).TrainView,
  useBadge() {
    const step = useTraining((state) => (state.live ? state.live.step : null))
    return step === null ? null : { text: String(step), title: t().frame.training }
  },
  place: ({ runs }) => ({ run: runs.shown }),
  async show({ workspace }, { run }) {
    await workspace.runs.getState().show(run)
  },
}
