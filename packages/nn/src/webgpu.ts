// The graphics card, in a browser that has WebGPU.
export { createWebGpuRuntime } from '../../../src/runtime/webgpu.ts'
