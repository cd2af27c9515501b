// The programs of training as jobs: the gradient of a micro-batch, the optimizer's step, log-probabilities.
import { adamWProgram, adamWScalars } from '../src/nn/training/adamw.ts'
import { gradientProgram, scoreProgram, trainableShapes } from '../src/nn/training/gradient-program.ts'
import type { Program } from '../src/nn/program.ts'
import type { HostTensor } from '../src/runtime/runtime.ts'
import { lora, makeBatch, makeWeights, models, type BatchShape, type ModelSize, type Trainable } from './model.ts'

const weightOptions = { layout: 'huggingface', dtype: 'float32' } as const
const adamW = { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.01 } as const

export function trainingProgram(size: ModelSize, trainable: Trainable, shape: BatchShape): Program {
  return gradientProgram(`train ${trainable}`, models[size], {
    ...shape,
    loss: { kind: 'cross-entropy' },
    trainable,
    lora: trainable === 'lora' ? lora : null,
    weights: weightOptions,
    recompute: 0,
    entropy: false,
  })
}

export function scoringProgram(size: ModelSize, shape: BatchShape): Program {
  return scoreProgram('score', models[size], { ...shape, lora, weights: weightOptions, entropy: false })
}

export function optimizerProgram(size: ModelSize, trainable: Trainable): Program {
  return adamWProgram('adamw', trainableShapes(models[size], { trainable, lora, weights: weightOptions }), adamW)
}

/** Everything that such a program asks for: the model, a batch, the optimizer's scalars; all else is zero. */
export function trainingFeeds(program: Program, size: ModelSize, shape: BatchShape | null): [string, HostTensor][] {
  const weights = makeWeights(models[size])
  const batch = shape ? makeBatch(models[size], shape) : null
  const scalars = adamWScalars(adamW, 1, 1e-4, 1)
  return program.inputs.map(({ name, dtype, shape: named }): [string, HostTensor] => {
    const sizes = named.map(Number)
    if (dtype === 'int32') {
      const data = name === 'ids' ? batch?.ids : name === 'at' ? batch?.at : batch?.labels
      if (!data) throw new Error(`The benchmark has no ${name}.`)
      return [name, { dtype, shape: sizes, data }]
    }
    const given = name === 'weights' ? batch?.weights : (scalars[name] ?? weights.get(name)?.data)
    return [name, { dtype: 'float32', shape: sizes, data: given ?? new Float32Array(sizes.reduce((product, dim) => product * dim, 1)) }]
  })
}
