import { describe, expect, it } from 'vitest'
import { mendShader, mendShaders } from './shaders.ts'

const head = `fn merge_state_inplace_kernel(
  @builtin(workgroup_id) blockIdx : vec3<u32>
) {
  if (blockIdx.x > podArgs.packGridDimX) { return; }`
const read = '  s_val[0i] = S[((v__1 * podArgs.H) + i32(threadIdx.y))];'
const loop = `  for (var vec : i32 = 0; vec < 4i; vec++) {
    v_vec[vec] = fma(v_other_vec[vec], other_scale[0i], (v_vec[vec] * scale[0i]));
  }`
const write = '  S[((v__1 * podArgs.H) + i32(threadIdx.y))] = (log2((s_val[0i] + s_other_val[0i])) + s_max[0i]);'

describe('mendShader', () => {
  it('puts a barrier between the last read and the write of the normalisers', () => {
    const lines = ['struct PODArgs {', '  H: i32', '}', head, read, loop]
    expect(mendShader([...lines, write, '}', ''].join('\n'))).toBe([...lines, '  storageBarrier();', write, '}', ''].join('\n'))
  })

  it.each([
    ['another shader', [head.replace('merge_state', 'append'), read, loop, write, '}']],
    // Not every thread would come past it, and the shader would no longer compile.
    ['one that writes under a condition', [head, read, '  if (threadIdx.x == 0u) {', write, '  }', '}']],
    ['one that writes elsewhere', [head, read, loop, '}']],
  ])('leaves %s as it is', (_, lines) => {
    expect(mendShader(lines.join('\n'))).toBe(lines.join('\n'))
  })
})

describe('mendShaders', () => {
  it('mends what a device compiles from then on, and keeps the rest of the descriptor', () => {
    class Device {
      readonly compiled: GPUShaderModuleDescriptor[] = []
      createShaderModule(this: Device, descriptor: GPUShaderModuleDescriptor): string {
        return `module ${this.compiled.push(descriptor)}`
      }
    }
    const before = new Device()
    before.createShaderModule({ label: 'merge', code: [head, read, write, '}'].join('\n') })
    mendShaders(Device.prototype)
    const [device, other] = [new Device(), new Device()]
    expect(device.createShaderModule({ label: 'merge', code: [head, read, write, '}'].join('\n') })).toBe('module 1')
    expect(device.createShaderModule({ label: 'other', code: 'fn other() {}' })).toBe('module 2')
    expect(device.compiled).toEqual([
      { label: 'merge', code: [head, read, '  storageBarrier();', write, '}'].join('\n') },
      { label: 'other', code: 'fn other() {}' },
    ])
    expect(other.compiled).toEqual([])
    expect(before.compiled.map(({ code }) => code)).not.toContainEqual(expect.stringContaining('storageBarrier'))
  })
})
