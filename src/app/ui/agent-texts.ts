// What agents do, in words that come in a file of their own.
import { useEffect, useState } from 'react'
import { t, type Words } from '../locales/index.ts'

type Texts = Awaited<ReturnType<Words['agents']['texts']>>

/** null: they have not come. */
export function useAgentTexts(): Texts | null {
  const [texts, setTexts] = useState<Texts | null>(null)
  useEffect(() => {
    let wanted = true
    // Without its file an agent still has its name.
    t().agents.texts().then((come) => { if (wanted) setTexts(come) }, () => undefined)
    return () => { wanted = false }
  }, [])
  return texts
}
