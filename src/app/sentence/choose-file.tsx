// Chooses a file of tasks.
import { FileUp } from 'lucide-react'
import { useRef } from 'react'
import { useActions } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'

/** Chooses a file from the disk; the page takes dropped ones as well. */
export function ChooseFile({ label }: { label: string }) {
  const input = useRef<HTMLInputElement>(null)
  const { takeFile } = useActions()
  return (
    <>
      <Button onClick={() => input.current?.click()}>
        <FileUp aria-hidden /> {label}
      </Button>
      <input
        ref={input}
        className="unseen"
        type="file"
        accept=".json,.jsonl,.ndjson,.gz,.zip,.parquet,application/json"
        aria-label={label}
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) void takeFile(file)
        }}
      />
    </>
  )
}
