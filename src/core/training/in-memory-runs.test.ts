import { InMemoryRuns } from './in-memory-runs.ts'
import { describeRunStore } from './runs.contract.test-suite.ts'

describeRunStore('InMemoryRuns', () => Promise.resolve(new InMemoryRuns()))
