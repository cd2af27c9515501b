import { readFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { createNodeRuntime } from '../runtime/node.ts'
import { compareGolden, type GoldenFiles } from './golden.ts'
import { readGolden, type Golden } from './golden-file.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

async function fixture(name: string): Promise<GoldenFiles & { golden: Golden }> {
  const file = (member: string) => readFile(new URL(`../nn/fixtures/goldens/${name}/${member}`, import.meta.url))
  const json = async (member: string): Promise<unknown> => JSON.parse((await file(member)).toString())
  return { config: await json('config.json'), golden: readGolden(await json('golden.json')), model: await file('model.safetensors') }
}

describe('recorded numbers on node', () => {
  it.each(['llama-tiny', 'qwen2-tiny', 'llama3-rope-tiny'])('%s: every part is within tolerance', async (name) => {
    const comparisons = await compareGolden(runtime, await fixture(name))
    expect(comparisons.filter(({ ok }) => !ok)).toEqual([])
    expect([...new Set(comparisons.map(({ part }) => part))]).toEqual([
      'logits',
      'log-probabilities',
      'generation: log-probabilities',
      'token_mean: statistics',
      'token_mean: gradients',
      'sequence_mean_token_mean: statistics',
      'sequence_mean_token_mean: gradients',
      'adamw: trace',
      'adamw: final tensors',
      'adamw: final log-probabilities',
      'recomputation: statistics',
      'recomputation: gradients',
      'recomputation: against the whole batch',
      'layers one by one: statistics',
      'layers one by one: gradients',
      'layers one by one: against the whole batch',
      'micro-batches: statistics',
      'micro-batches: gradients',
      'micro-batches: against the whole batch',
      'supervised: statistics',
      'supervised: gradient norms',
      'supervised: gradients',
      'supervised, recomputation: statistics',
      'supervised, recomputation: gradient norms',
      'supervised, recomputation: gradients',
    ])
  })
})

function scale(matrix: number[][] | undefined, factor: number): void {
  for (const row of matrix ?? []) for (const [i, value] of row.entries()) row[i] = value * factor
}

describe('disagreement', () => {
  it('is noticed where it is and nowhere else, for numbers just out of tolerance', async () => {
    const files = await fixture('llama-tiny')
    const { base_logits_row0, lora_logps, cases, adamw, lora, sft } = files.golden
    scale(base_logits_row0, 1.0002)
    scale(lora_logps, 0.9998)
    cases.token_mean.loss += 2e-5
    cases.sequence_mean_token_mean.clip_fraction += 1 / 33
    scale(cases.token_mean.grads['model.layers.1.mlp.up_proj']?.A, 1.002)
    for (const step of adamw.trace.slice(2)) step.kl *= 1.002
    const [end, start] = [adamw.final['model.layers.0.mlp.up_proj'], lora.init['model.layers.0.mlp.up_proj']]
    if (end && start) end.B = start.B
    sft.loss *= 1.0002
    sft.grads['model.norm.weight'] = [1]
    const failed = (await compareGolden(runtime, files)).filter(({ ok }) => !ok)
    expect(failed.map(({ part, name }) => `${part} ${name}`)).toEqual([
      'logits base',
      'log-probabilities adapter',
      'token_mean: statistics loss',
      'token_mean: gradients model.layers.1.mlp.up_proj.lora_A.weight',
      'sequence_mean_token_mean: statistics clip_fraction',
      'adamw: trace step 3 kl',
      'adamw: final tensors model.layers.0.mlp.up_proj.lora_B.weight',
      'recomputation: statistics loss',
      'recomputation: gradients model.layers.1.mlp.up_proj.lora_A.weight',
      'layers one by one: statistics loss',
      'layers one by one: gradients model.layers.1.mlp.up_proj.lora_A.weight',
      'micro-batches: statistics clip_fraction',
      'supervised: statistics loss',
      'supervised: gradients model.norm.weight',
      'supervised, recomputation: statistics loss',
      'supervised, recomputation: gradients model.norm.weight',
    ])
  })

  it('files that do not fit together are named', async () => {
    const files = await fixture('llama-tiny')
    const { input_ids: _, ...golden } = files.golden
    await expect(compareGolden(runtime, { ...files, golden })).rejects.toThrow('golden.json: input_ids')
    await expect(compareGolden(runtime, { ...files, golden: { ...files.golden, old_logps: [[0]] } })).rejects.toThrow('golden.json: old_logps must be 4 rows of 17 numbers.')
    const { config } = await fixture('qwen2-tiny')
    await expect(compareGolden(runtime, { ...files, config })).rejects.toThrow('no tensor model.layers.0.self_attn.q_proj.bias')
  })
})
