// What else can be done with a chart: a logarithmic axis, and files of its picture and its numbers.
import { ChartLine, Download } from 'lucide-react'
import type { RefObject } from 'react'
import { messageOf } from '../../../core/error-message.ts'
import { download, fileName } from '../../download.ts'
import { t } from '../../locales/index.ts'
import { useStores } from '../../state/context.tsx'
import { MenuLine, MoreMenu } from '../../ui/more-menu.tsx'
import { chartCsv } from './chart-csv.ts'
import type { OverRun } from './chart-rows.ts'
import type { LineSpec } from './charts/spec.ts'
import { chartPng, chartSvg } from './picture.ts'

interface ChartMenuProps {
  id: string
  title: string
  lines: readonly LineSpec[]
  /** The one on show first. */
  runs: readonly OverRun[]
  figure: RefObject<HTMLElement | null>
  log: boolean
  onLog: (log: boolean) => void
}

export function ChartMenu({ id, title, lines, runs, figure, log, onLog }: ChartMenuProps) {
  const { ui } = useStores()
  const words = t().charts
  const save = (ending: string, make: (figure: HTMLElement) => Blob | Promise<Blob>) => () => {
    const of = figure.current
    if (!of) return
    void (async () => {
      try {
        download(`agemem-${fileName(id)}.${ending}`, await make(of))
      } catch (error) {
        ui.getState().notify({ tone: 'error', topic: 'export', text: words.notSaved(title, messageOf(error)) })
      }
    })()
  }
  return (
    <MoreMenu of={title}>
      <MenuLine name={log ? words.linearAxis : words.logAxis} icon={ChartLine} onChoose={() => { onLog(!log) }} />
      <MenuLine name={words.savePng} icon={Download} onChoose={save('png', chartPng)} />
      <MenuLine name={words.saveSvg} icon={Download} onChoose={save('svg', (of) => new Blob([chartSvg(of)], { type: 'image/svg+xml' }))} />
      <MenuLine name={words.saveCsv} icon={Download} onChoose={save('csv', () => new Blob([chartCsv(lines, runs)], { type: 'text/csv' }))} />
    </MoreMenu>
  )
}
