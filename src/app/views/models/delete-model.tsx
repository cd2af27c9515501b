// Deletes what is here of a model; asks once more before gigabytes go.
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { size } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { Button } from '../../ui/button.tsx'

interface DeleteModelProps {
  name: string
  /** Of what is here. */
  bytes: number
  /** It leaves the list as well. */
  removes: boolean
  onDelete: () => void
}

export function DeleteModel({ name, bytes, removes, onDelete }: DeleteModelProps) {
  const [asked, setAsked] = useState(false)
  const words = t().models.row
  if (!asked) {
    return (
      <Button size="small" look="bare" aria-label={words.deleteOne(name)} onClick={() => { setAsked(true) }}>
        <Trash2 aria-hidden /> {removes && bytes === 0 ? words.remove : words.delete}
      </Button>
    )
  }
  return (
    <span className="sure" role="group" aria-label={words.sure(name)}>
      <Button size="small" autoFocus onClick={onDelete}>
        {bytes > 0 ? words.deleteSize(size(bytes)) : words.removeIt}
      </Button>
      <Button size="small" look="bare" onClick={() => { setAsked(false) }}>
        {words.keep}
      </Button>
    </span>
  )
}
