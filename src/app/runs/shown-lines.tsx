// The lines of a menu that export for programs that show what was played or measured.
import { namesOf } from '../../core/table.ts'
import { viewerTitles, type ViewerForm } from '../../rpc/exchange.ts'
import { PackageOpen } from 'lucide-react'
import { MenuLine } from '../ui/more-menu.tsx'

export const ViewerLines = ({ onChoose }: { onChoose: (form: ViewerForm) => void }) =>
  namesOf(viewerTitles).map((form) => <MenuLine key={form} name={viewerTitles[form]} icon={PackageOpen} onChoose={() => { onChoose(form) }} />)
