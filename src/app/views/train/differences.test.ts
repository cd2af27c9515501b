import { expect, it } from 'vitest'
import { trainPresets } from '../../../core/training/config.ts'
import { differences } from './differences.ts'

const { quick } = trainPresets

it('names the fields in which configurations differ, as they are exported', () => {
  expect(differences([quick, { ...quick, seed: 9, lora: { ...quick.lora, rank: 4, targets: ['q_proj'] }, clip: null }])).toEqual([
    { field: 'seed', values: ['1', '9'] },
    { field: 'lora.rank', values: ['16', '4'] },
    { field: 'lora.targets', values: ['gate_proj, up_proj, down_proj', 'q_proj'] },
    { field: 'clip.low', values: ['0.2', '–'] },
    { field: 'clip.high', values: ['0.28', '–'] },
    { field: 'clip', values: ['–', 'null'] },
  ])
  expect(differences([quick, { ...quick }])).toEqual([])
})
