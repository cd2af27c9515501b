// How many bytes of buffers there are on the graphics card, whoever made them: the library, onnxruntime, this project. No
// browser tells how much memory a card has or how much of it is taken.

interface Makes<Device, Made> {
  createBuffer: (this: Device, descriptor: GPUBufferDescriptor) => Made
  destroy: (this: Device) => void
}

interface Ends<Made> {
  destroy: (this: Made) => void
}

/** Counts from now on, in this worker. @param device GPUDevice.prototype. @param made GPUBuffer.prototype */
export function countCardBytes<Device extends WeakKey, Made extends { readonly size: number }>(device: Makes<Device, Made>, made: Ends<Made>): () => number {
  /** Bytes of each device; with it all of its buffers go. */
  const devices = new Map<Device, number>()
  const ownerOf = new WeakMap<WeakKey & Made, Device>()
  const { createBuffer, destroy: destroyDevice } = device
  const { destroy: destroyBuffer } = made
  device.createBuffer = function (descriptor) {
    const buffer = Reflect.apply(createBuffer, this, [descriptor])
    ownerOf.set(buffer, this)
    devices.set(this, (devices.get(this) ?? 0) + buffer.size)
    return buffer
  }
  device.destroy = function () {
    devices.delete(this)
    Reflect.apply(destroyDevice, this, [])
    return undefined
  }
  made.destroy = function () {
    const owner = ownerOf.get(this)
    const bytes = owner && devices.get(owner)
    if (owner && bytes !== undefined) devices.set(owner, bytes - this.size)
    ownerOf.delete(this)
    Reflect.apply(destroyBuffer, this, [])
    return undefined
  }
  return () => [...devices.values()].reduce((sum, bytes) => sum + bytes, 0)
}
