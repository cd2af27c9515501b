// What only a model that is to learn needs, in a file that comes with the first one: playing does without.
export { encodingOf } from '../models/encoding.ts'
export { tokenizerOf } from './chat-template.ts'
export { LiveModel } from './live-model.ts'
export { sharedWeights } from './shared-weights.ts'
