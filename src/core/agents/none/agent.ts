// No memory: it answers by what stands in its context, and once that is emptied everything is gone.
import { baseline } from '../baseline.ts'

export const none = baseline({
  line: 'no long-term memory at all',
  follows: null,
  remembers: false,
  asides: [],
  create: () => ({}),
})
