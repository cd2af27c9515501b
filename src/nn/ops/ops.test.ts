// What operators refuse, and the shapes that they give. Their values are compared in src/runtime.
import { describe, expect, it } from 'vitest'
import { Graph } from '../graph.ts'
import { ShapeError, type DType, type Shape } from '../shape.ts'
import { add, cast, equal, less, mul, where } from './elementwise.ts'
import { gatherRows, pick } from './indexing.ts'
import { gemm, matmul } from './linear.ts'
import { reduceSum, sumTo } from './reduce.ts'
import { concat, expand, reshape, slice, split, transpose, transposeLast } from './shape.ts'

const graph = new Graph('test')
let count = 0
const tensor = (shape: Shape, dtype: DType = 'float32') => graph.input(`x${count++}`, dtype, shape)

describe('shapes of results', () => {
  it.each([
    ['add', () => add(tensor([3, 1]), tensor([4])), [3, 4]],
    ['add a number', () => add(tensor(['n', 2]), 1), ['n', 2]],
    ['where', () => where(tensor([3, 1], 'bool'), tensor([4]), 0), [3, 4]],
    ['matmul', () => matmul(tensor([5, 1, 2, 3]), tensor([4, 3, 6])), [5, 4, 2, 6]],
    ['matmul of an unknown batch', () => matmul(tensor(['b', 2, 3]), tensor([3, 6])), ['b', 2, 6]],
    ['gemm', () => gemm(tensor([3, 2]), tensor([6, 3]), { a: true, b: true }), [2, 6]],
    ['reduceSum of all', () => reduceSum(tensor([2, 3])), [1, 1]],
    ['reduceSum of one axis', () => reduceSum(tensor([2, 3, 4]), [-2], false), [2, 4]],
    ['sumTo', () => sumTo(tensor([5, 2, 3]), [2, 1]), [2, 1]],
    ['reshape with a named size', () => reshape(tensor(['b', 6]), ['b', 2, 3]), ['b', 2, 3]],
    ['transpose', () => transpose(tensor([2, 'n', 4]), [2, 0, 1]), [4, 2, 'n']],
    ['transposeLast', () => transposeLast(tensor([2, 3, 4])), [2, 4, 3]],
    ['expand', () => expand(tensor([1, 3]), [2, 3]), [2, 3]],
    ['concat', () => concat([tensor([2, 3]), tensor([2, 4])], -1), [2, 7]],
    ['concat of unknown sizes', () => concat([tensor(['past', 3]), tensor(['new', 3])], 0), ['past+new', 3]],
    ['slice', () => slice(tensor([2, 9]), -1, 3, 5), [2, 2]],
    ['split', () => split(tensor([2, 9]), 1, [4, 5])[1], [2, 5]],
    ['gatherRows', () => gatherRows(tensor([9, 4]), tensor(['b', 3], 'int32')), ['b', 3, 4]],
    ['pick', () => pick(tensor(['m', 9]), tensor(['m'], 'int32')), ['m']],
  ])('%s', (_, build, expected) => {
    expect(build()?.shape).toEqual(expected)
  })

  it('types of comparisons and casts', () => {
    expect(less(tensor([2], 'int32'), 3).dtype).toBe('bool')
    expect(cast(tensor([2]), 'int32').dtype).toBe('int32')
    const x = tensor([2])
    expect(cast(x, 'float32')).toBe(x)
    expect(reshape(x, [2])).toBe(x)
  })
})

describe('what does not fit is refused while the graph is built', () => {
  it.each([
    ['shapes that do not broadcast', () => add(tensor([2, 3]), tensor([2])), 'Shapes [2, 3] and [2] do not broadcast.'],
    ['inner sizes of matmul', () => matmul(tensor([2, 3]), tensor([4, 2])), 'matmul: [2, 3] and [4, 2] do not fit.'],
    ['a vector in matmul', () => matmul(tensor([3]), tensor([3, 2])), 'matmul needs matrices, not [3] and [3, 2].'],
    ['batches of matmul', () => matmul(tensor([2, 2, 3]), tensor([4, 3, 2])), 'Shapes [2] and [4] do not broadcast.'],
    ['inner sizes of gemm', () => gemm(tensor([2, 3]), tensor([3, 2]), { b: true }), 'gemm: [2, 3] and [3, 2] do not fit.'],
    ['a sum of another size in gemm', () => gemm(tensor([2, 3]), tensor([3, 4]), {}, tensor([1, 4])), 'gemm: [1, 4] is not [2, 4].'],
    ['more axes in gemm', () => gemm(tensor([1, 2, 3]), tensor([3, 2])), 'gemm needs two matrices'],
    ['another number of elements', () => reshape(tensor([2, 3]), [4]), 'Cannot reshape [2, 3] to [4].'],
    ['two unknown sizes', () => reshape(tensor(['a', 6]), ['b', 'c']), 'more than one size is unknown'],
    ['an order with an axis that is not there', () => transpose(tensor([2, 3]), [0, 2]), 'transpose: [0, 2] is no order of the axes of [2, 3].'],
    ['an order without an axis', () => transpose(tensor([2, 3, 4]), [1, 0]), 'no order of the axes'],
    ['an axis that is not there', () => slice(tensor([2, 3]), 2, 0, 1), 'Shape [2, 3] has no axis 2.'],
    ['one axis to exchange', () => transposeLast(tensor([3])), 'transposeLast needs two axes, not [3].'],
    ['an unknown size to expand to', () => expand(tensor([1]), ['n']), 'must be known'],
    ['an axis to expand that is not 1', () => expand(tensor([2]), [3]), 'do not broadcast'],
    ['fewer axes to expand to', () => expand(tensor([2, 3]), [3]), 'Cannot expand [2, 3] to [3].'],
    ['parts unlike in another axis', () => concat([tensor([2, 3]), tensor([4, 3])], 1), 'concat: [2, 3] and [4, 3] differ beside axis 1.'],
    ['a slice beyond the end', () => slice(tensor([2, 9]), 1, 4, 10), 'slice: axis 1 of [2, 9] has no 4 to 10.'],
    ['parts that are not the whole', () => split(tensor([2, 9]), -1, [4, 4]), 'split: 4 + 4 is not 9, axis 1 of [2, 9].'],
    ['nothing to concat', () => concat([], 0), 'concat needs at least one tensor.'],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(ShapeError)
    expect(build).toThrow(message)
  })

  it('types that do not mix', () => {
    expect(() => mul(tensor([2]), tensor([2], 'int32'))).toThrow('Mul: float32 and int32 do not mix; cast one of them.')
    expect(() => equal(tensor([2], 'bool'), 1)).toThrow('A number does not mix with booleans.')
  })

  it('tensors of another graph, but for the body of a loop', () => {
    const [x, y] = [graph.input('here', 'float32', [2]), new Graph('other').input('there', 'float32', [2])]
    expect(() => add(x, y)).toThrow('belongs to another graph')
    const body = new Graph('body', graph)
    const inner = body.input('inner', 'float32', [2])
    expect(add(x, inner).graph).toBe(body)
    expect(add(inner, x).graph).toBe(body)
    // What came before the loop, and behind it what the loop makes.
    expect(concat([x, inner], 0).graph).toBe(body)
    expect(() => graph.apply('Neg', [inner], { dtype: 'float32', shape: [2] })).toThrow('inner belongs to another graph')
  })

  it('names that are taken', () => {
    const named = new Graph('named')
    const x = named.input('x', 'float32', [1])
    named.output('y', x)
    expect(() => named.input('x', 'float32', [1])).toThrow('Graph named already has a tensor named x.')
    expect(() => { named.output('y', x) }).toThrow('Graph named already has an output y.')
  })
})
