// Graphs of tensors, their derivatives, and the transformer: everything that is computed before anything runs.
export { Graph, type Attribute, type Tensor, type TensorData } from '../../../src/nn/graph.ts'
export { ShapeError, type Dim, type DType, type Shape } from '../../../src/nn/shape.ts'
export { gradients, gradientsFrom, NoGradientError } from '../../../src/nn/gradients.ts'
export { sizeFeeds, toProgram, type Program, type TensorSpec } from '../../../src/nn/program.ts'

export * from '../../../src/nn/ops/elementwise.ts'
export * from '../../../src/nn/ops/indexing.ts'
export * from '../../../src/nn/ops/linear.ts'
export * from '../../../src/nn/ops/normalisation.ts'
export { logSumExp, reduceMax, reduceMean, reduceSum, softmax } from '../../../src/nn/ops/reduce.ts'
export * from '../../../src/nn/ops/shape.ts'

export { ModelConfigError, parameterCount, parameterShapes, projections, readModelConfig, type ModelConfig, type Projection } from '../../../src/nn/transformer/config.ts'
export { loraNames, loraShapes, type LoraConfig, type WeightOptions } from '../../../src/nn/transformer/weights.ts'
export { gradientProgram, scoreProgram, sumName, trainableShapes, type GradientOptions, type MicroBatchShape } from '../../../src/nn/training/gradient-program.ts'
export { type GrpoOptions } from '../../../src/nn/training/grpo.ts'
export { adamWProgram, adamWScalars, stateNames, type AdamWOptions } from '../../../src/nn/training/adamw.ts'

export { readFloats, type DeviceTensor, type HostTensor, type LoadedProgram, type Runtime, type Value, type Values } from '../../../src/runtime/runtime.ts'
export { RuntimeError } from '../../../src/runtime/errors.ts'
