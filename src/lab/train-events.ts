// What the page hears of a training: ten times a second at most, and of what passes (progress, loading) only the newest.
import type { TrainEvent } from '../rpc/training.ts'
import { batched, type Batched } from './batched.ts'

/** ms */
const interval = 100

function passes(event: TrainEvent): boolean {
  switch (event.type) {
    case 'loading':
    case 'progress':
      return true
    case 'run':
    case 'watched':
    case 'watched-step':
    case 'watched-end':
    case 'step':
    case 'evaluation':
    case 'checkpoint':
      return false
  }
}

export function trainEvents(deliver: (events: TrainEvent[]) => void): Batched<TrainEvent> {
  return batched((events) => {
    const newest = events.findLastIndex(passes)
    deliver(events.filter((event, i) => !passes(event) || i === newest))
  }, interval)
}
