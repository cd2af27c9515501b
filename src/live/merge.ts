// W = W₀ + s·B·A on the graphics card: writes an adapter into rows of a weight matrix, from a copy of the base weights into
// the buffer that somebody else's programs read. Knows buffers and numbers; no layout, no model, no library.
//
// Halves are packed two to a word and converted here bit by bit: so it needs no shader-f16, and rounds to the nearest even
// everywhere (WGSL leaves the rounding of pack2x16float to the driver, and subnormals to whoever likes to drop them).

/** How a matrix lies in its buffer, row after row. float16 has an even number of columns. */
export type MergeType = 'float32' | 'float16'

/** Rows of a matrix that one projection's adapter changes. */
export interface MergeRows {
  /** The matrix W₀ [*, columns], and where W goes: a buffer of the same size that is not the same one. */
  base: GPUBuffer
  target: GPUBuffer
  type: MergeType
  columns: number
  /** The first row, and how many: a projection in a stacked matrix. */
  row: number
  rows: number
  /** A [rank, columns] and B [rows, rank], float32. */
  a: GPUBuffer
  b: GPUBuffer
  rank: number
  /** s = alpha / rank. */
  scale: number
}

/** Threads of a group, each at one word of a row. */
const width = 64
/** Groups along one axis at most, in every implementation. */
const mostGroups = 65_535

const common = /* wgsl */ `
struct Shape { words: u32, row: u32, rows: u32, rank: u32, scale: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;

fn delta(row: u32, column: u32, columns: u32) -> f32 {
  var sum = 0.0;
  for (var k = 0u; k < shape.rank; k++) { sum = fma(b[row * shape.rank + k], a[k * columns + column], sum); }
  return shape.scale * sum;
}
`

/** The rows are walked in strides, so that there may be more of them than groups. */
const walk = (body: string) => /* wgsl */ `
@compute @workgroup_size(${width})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (id.x >= shape.words) { return; }
  for (var row = id.y; row < shape.rows; row += groups.y) {
    let at = (shape.row + row) * shape.words + id.x;
    ${body}
  }
}
`

const float32 = /* wgsl */ `${common}
@group(0) @binding(1) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read_write> merged: array<f32>;
${walk('merged[at] = base[at] + delta(row, id.x, shape.words);')}`

const float16 = /* wgsl */ `${common}
@group(0) @binding(1) var<storage, read> base: array<u32>;
@group(0) @binding(4) var<storage, read_write> merged: array<u32>;

fn widened(half: u32) -> f32 {
  let sign = (half & 0x8000u) << 16u;
  let size = half & 0x7fffu;
  if (size >= 0x400u) { return bitcast<f32>(sign | ((size << 13u) + 0x38000000u)); }
  return bitcast<f32>(sign | bitcast<u32>(f32(size) * 5.9604644775390625e-8));
}

fn narrowed(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  let sign = (bits >> 16u) & 0x8000u;
  let size = bits & 0x7fffffffu;
  if (size >= 0x477ff000u) { return sign | 0x7c00u; }
  if (size < 0x38800000u) { return sign | u32(round(bitcast<f32>(size) * 16777216.0)); }
  return sign | ((size - 0x38000000u + 0xfffu + ((size >> 13u) & 1u)) >> 13u);
}
${walk(/* wgsl */ `let word = base[at];
    let low = narrowed(widened(word & 0xffffu) + delta(row, 2u * id.x, 2u * shape.words));
    let high = narrowed(widened(word >> 16u) + delta(row, 2u * id.x + 1u, 2u * shape.words));
    merged[at] = low | (high << 16u);`)}`

/** UNIFORM | COPY_DST, by number: TypeScript's DOM library has no GPUBufferUsage. */
const uniformUsage = 0x40 | 0x08

export class MergeProgram {
  readonly #device: GPUDevice
  readonly #pipelines = new Map<MergeType, GPUComputePipeline>()

  /** Programs are compiled when they are first wanted. */
  constructor(device: GPUDevice) {
    this.#device = device
  }

  #pipeline(type: MergeType): GPUComputePipeline {
    const known = this.#pipelines.get(type)
    if (known) return known
    const module = this.#device.createShaderModule({ label: `merge ${type}`, code: type === 'float32' ? float32 : float16 })
    const made = this.#device.createComputePipeline({ label: `merge ${type}`, layout: 'auto', compute: { module, entryPoint: 'main' } })
    this.#pipelines.set(type, made)
    return made
  }

  /**
   * Writes all of these, in one submission. Rows that none of them names stay as they are in the target.
   * @returns when it is done
   * @throws RangeError for halves in an odd number of columns
   */
  async merge(parts: readonly MergeRows[]): Promise<void> {
    const encoder = this.#device.createCommandEncoder({ label: 'merge' })
    const uniforms: GPUBuffer[] = []
    for (const { base, target, type, columns, row, rows, a, b, rank, scale } of parts) {
      if (type === 'float16' && columns % 2 !== 0) throw new RangeError(`A matrix of halves has ${columns} columns: an even number is needed.`)
      const words = type === 'float16' ? columns / 2 : columns
      const shape = this.#device.createBuffer({ size: 32, usage: uniformUsage, mappedAtCreation: true })
      const mapped = shape.getMappedRange()
      new Uint32Array(mapped).set([words, row, rows, rank])
      new Float32Array(mapped, 16).set([scale])
      shape.unmap()
      uniforms.push(shape)
      const pipeline = this.#pipeline(type)
      const entries = [shape, base, a, b, target].map((buffer, binding) => ({ binding, resource: { buffer } }))
      const pass = encoder.beginComputePass()
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
      pass.dispatchWorkgroups(Math.ceil(words / width), Math.min(rows, mostGroups))
      pass.end()
    }
    this.#device.queue.submit([encoder.finish()])
    await this.#device.queue.onSubmittedWorkDone()
    for (const uniform of uniforms) uniform.destroy()
  }
}
