// The lines of a menu that export a run for engines outside the browser.
import { PackageOpen } from 'lucide-react'
import { namesOf } from '../../core/table.ts'
import type { CheckpointRecord, RunRecord } from '../../core/training/runs.ts'
import { t } from '../locales/index.ts'
import { useStores } from '../state/context.tsx'
import { MenuLine } from '../ui/more-menu.tsx'
import { exportForFramework, frameworks } from './framework-export.ts'

/** @param checkpoint whose adapter goes with it; null: none */
export function FrameworkLines({ run, checkpoint, disabled }: { run: RunRecord; checkpoint: CheckpointRecord | null; disabled: boolean }) {
  const stores = useStores()
  return namesOf(frameworks).map((framework) => (
    <MenuLine key={framework} name={t().runs.exportFor(frameworks[framework].name)} icon={PackageOpen} disabled={disabled} onChoose={() => void exportForFramework(stores, framework, run, checkpoint)} />
  ))
}
