import { expect, it } from 'vitest'
import { taughtAdapter } from './taught.ts'

it('an adapter is of a model in whichever form its weights are, and of no other', () => {
  const among = { 'smollm2-135m-instruct': 'models/smollm2-135m-instruct/adapter' }
  for (const name of ['SmolLM2-135M-Instruct', 'SmolLM2-135M-Instruct.Q4_1']) {
    expect(taughtAdapter(name, among)).toBe('models/smollm2-135m-instruct/adapter')
  }
  for (const name of ['SmolLM2-360M-Instruct', 'nano']) expect(taughtAdapter(name, among)).toBeNull()
})
