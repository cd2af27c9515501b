// One layer of a model as a program of its own, for every layer alike: its weights and its adapter go by the names of layer 0
// (inLayer() says what they are called elsewhere). Run one layer after the other, a model needs the weights and what happens
// in a single layer at a time, and is loaded in a thirtieth of the time.
import { toProgram, type Program } from '../program.ts'
import type { ModelConfig } from '../transformer/config.ts'
import { loraShapes, type LoraConfig, type WeightOptions } from '../transformer/weights.ts'
import { addToSums, inputsNamed, openMicroBatch, type MicroBatchShape } from './gradient-program.ts'
import { gradientsFrom } from '../gradients.ts'
import { block } from './trunk.ts'

type LayerShape = Pick<MicroBatchShape, 'batch' | 'length' | 'prefix' | 'open'>

/** Inputs: `hidden` [T, D]; weights and adapter of layer 0. Output: `next` [T, D]. */
export function layerProgram(name: string, config: ModelConfig, shape: LayerShape, weightOptions: WeightOptions, lora: LoraConfig | null): Program {
  const { graph, weights, attention, hidden } = openMicroBatch(name, config, shape, weightOptions, lora)
  graph.output('next', block(hidden(), 0, config, weights, attention, null))
  return toProgram(graph, 'one layer of a model')
}

/**
 * Inputs: those of layerProgram(), `gradient` [T, D] of what the layer gives, and `sum/…` of its adapter.
 * Outputs: `gradient/hidden` [T, D]; `next/sum/…`.
 */
export function layerGradientProgram(name: string, config: ModelConfig, shape: LayerShape, weightOptions: WeightOptions, lora: LoraConfig): Program {
  const { graph, weights, attention, hidden } = openMicroBatch(name, config, shape, weightOptions, lora)
  const input = hidden()
  const output = block(input, 0, config, weights, attention, null)
  const trained = inputsNamed(graph, loraShapes(config, lora, 0, 1).keys())
  const [ofInput, ...gradients] = gradientsFrom([[output, graph.input('gradient', 'float32', output.shape)]], [input, ...trained])
  if (ofInput) graph.output('gradient/hidden', ofInput)
  addToSums(graph, trained, gradients)
  return toProgram(graph, 'one layer of a model, and the gradients of its adapter')
}
