// Episodes: what was played and is kept.
import { useLibrary } from '../../state/context.tsx'
import { t } from '../../locales/index.ts'
import type { ViewModule } from '../../view.ts'

declare module '../../state/ui.ts' {
  interface Views {
    episodes: true
  }
}

export const episodes: ViewModule = {
  title: () => t().frame.views.episodes,
  load: async () => (await import('./library.tsx')).Library,
  useBadge() {
    const count = useLibrary((state) => state.episodes?.length ?? 0)
    return count === 0 ? null : { text: String(count) }
  },
  // Another tab may have recorded something since.
  opened: ({ library }) => { void library.getState().refresh() },
}
