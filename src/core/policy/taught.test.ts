import { expect, it } from 'vitest'
import { catalogue } from './catalogue/catalogue.ts'
import { taughtAdapter } from './taught.ts'

it('an adapter comes with the page for a model of the catalogue, in whichever form its weights are', () => {
  const [smallest] = catalogue
  const folder = taughtAdapter(smallest?.name ?? '')
  expect(folder).toBe('models/smollm2-135m-instruct/adapter')
  expect(taughtAdapter('SmolLM2-135M-Instruct.Q4_1')).toBe(folder)
  expect(catalogue.slice(1).map(({ name }) => taughtAdapter(name))).toEqual([null, null, null, null])
  expect(taughtAdapter('nano')).toBeNull()
})
