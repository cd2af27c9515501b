// Mends one shader of MLC's compiled libraries on its way to the graphics card.
//
// Attention over new tokens behind cached ones is computed in two parts, and merge_state_inplace puts them together:
// every thread of a head reads the head's normaliser S, and every thread writes the new one back, with nothing between
// the two. Threads that run in step (a subgroup as wide as the head: head_dim / 4, so 16 or 32) all read before one
// writes; where subgroups are narrower, the later ones read what the earlier ones wrote and weigh the new tokens too
// heavily: measured in software WebGPU, whose subgroups have 4. Only a prompt that goes on in the cache, or is longer than
// the library takes at once, comes this way; nothing fails, replies merely come from another distribution. A barrier
// before the write makes it right everywhere.

const kernel = 'fn merge_state_inplace_kernel('

/** The shader with the barrier, if it is that one and written as expected; else as it was. */
export function mendShader(code: string): string {
  const from = code.indexOf(kernel)
  if (from < 0) return code
  const write = /^[ \t]*S\[[^\n]*\] = /m.exec(code.slice(from))
  if (!write) return code
  const before = code.slice(0, from + write.index)
  // Every thread must come past a barrier: it may only stand at the top of the function.
  const depth = [...before.slice(from)].reduce((open, letter) => open + (letter === '{' ? 1 : letter === '}' ? -1 : 0), 0)
  return depth === 1 ? `${before}  storageBarrier();\n${code.slice(before.length)}` : code
}

interface ShaderMaker<Device, Module> {
  createShaderModule: (this: Device, descriptor: GPUShaderModuleDescriptor) => Module
}

/** @param prototype of GPUDevice, in a worker that has WebLLM to itself: the library asks for its device on its own */
export function mendShaders<Device, Module>(prototype: ShaderMaker<Device, Module>): void {
  const create = prototype.createShaderModule
  prototype.createShaderModule = function (descriptor) {
    return Reflect.apply(create, this, [{ ...descriptor, code: mendShader(descriptor.code) }])
  }
}
