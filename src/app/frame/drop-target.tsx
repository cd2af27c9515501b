// The whole page takes dropped files.
import { FileUp } from 'lucide-react'
import { useEffect, useState } from 'react'
import { t } from '../locales/index.ts'
import { useFiles, useStores } from '../state/context.tsx'

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

export function DropTarget() {
  const [over, setOver] = useState(false)
  const reading = useFiles((state) => state.reading)
  const { actions } = useStores()
  useEffect(() => {
    let depth = 0
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth++
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const allow = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      void actions.takeFiles([...(event.dataTransfer?.files ?? [])])
    }
    document.addEventListener('dragenter', enter)
    document.addEventListener('dragleave', leave)
    document.addEventListener('dragover', allow)
    document.addEventListener('drop', drop)
    return () => {
      document.removeEventListener('dragenter', enter)
      document.removeEventListener('dragleave', leave)
      document.removeEventListener('dragover', allow)
      document.removeEventListener('drop', drop)
    }
  }, [actions])
  if (!over && !reading) return null
  const words = t().frame.drop
  return (
    <div className="drop-target" role="status">
      <FileUp aria-hidden />
      {reading ? (
        <>
          <p>{words.reading(reading.name)}</p>
          <progress value={reading.share} max={1} aria-label={words.progress} />
        </>
      ) : (
        <>
          <p>{words.title}</p>
          <p className="quiet">{words.what}</p>
        </>
      )}
    </div>
  )
}
