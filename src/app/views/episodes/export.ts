// Episodes as files: one as JSON, all as JSON lines.
import { messageOf } from '../../../core/error-message.ts'
import { download } from '../../download.ts'
import { t } from '../../locales/index.ts'
import type { Stores } from '../../state/context.tsx'

export async function exportOne({ library, ui }: Pick<Stores, 'library' | 'ui'>, key: string): Promise<void> {
  try {
    const trajectory = await library.getState().get(key)
    if (!trajectory) {
      ui.getState().notify({ tone: 'error', text: t().episodes.gone })
      return
    }
    download(`agemem-${trajectory.task.source}-${trajectory.policy}-${key}.json`, new Blob([JSON.stringify(trajectory, null, 1)], { type: 'application/json' }))
  } catch (error) {
    ui.getState().notify({ tone: 'error', text: t().episodes.notExported(messageOf(error)) })
  }
}

/** All recorded episodes, newest first, one a line. */
export async function exportAll({ library, ui }: Pick<Stores, 'library' | 'ui'>): Promise<void> {
  try {
    const lines: string[] = []
    for (const { key } of library.getState().episodes ?? []) {
      const trajectory = await library.getState().get(key)
      if (trajectory) lines.push(`${JSON.stringify(trajectory)}\n`)
    }
    download('agemem-episodes.jsonl', new Blob(lines, { type: 'application/jsonl' }))
  } catch (error) {
    ui.getState().notify({ tone: 'error', text: t().episodes.noneExported(messageOf(error)) })
  }
}
