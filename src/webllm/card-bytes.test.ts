import { expect, it } from 'vitest'
import { countCardBytes } from './card-bytes.ts'

class Buffer {
  readonly size: number
  constructor(size: number) {
    this.size = size
  }
  destroy(): undefined {
    return undefined
  }
}

class Device {
  readonly #queue = 'its own'
  createBuffer({ size }: GPUBufferDescriptor): Buffer {
    return new Buffer(this.#queue === 'its own' ? size : 0)
  }
  destroy(): undefined {
    return undefined
  }
}

it('counts what is there: a buffer ends once, and all of a device with it', () => {
  const bytes = countCardBytes(Device.prototype, Buffer.prototype)
  const [one, other] = [new Device(), new Device()]
  const first = one.createBuffer({ size: 100, usage: 0 })
  const second = one.createBuffer({ size: 20, usage: 0 })
  other.createBuffer({ size: 3, usage: 0 })
  expect(bytes()).toBe(123)
  first.destroy()
  first.destroy()
  expect(bytes()).toBe(23)
  one.destroy()
  second.destroy()
  expect(bytes()).toBe(3)
})
