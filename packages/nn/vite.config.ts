// The package's JavaScript. What it depends on stays outside; onnxruntime-web finds its own .wasm file, or is told where it is.
import { resolve } from 'node:path'
import { defineConfig, type Plugin } from 'vite'
import manifest from './package.json' with { type: 'json' }

/** `…wasm?url` is a word of Vite's alone: in the package it means that no address is known. */
function withoutAddress(): Plugin {
  return {
    name: 'onnxruntime-address',
    enforce: 'pre',
    resolveId: (id) => (/^onnxruntime-web\/.*\.wasm\?url$/.test(id) ? '\0no-address' : null),
    load: (id) => (id === '\0no-address' ? 'export default undefined' : null),
  }
}

/** Grammars are no part of the package: what imports them is dropped, and must not be missed unnoticed. */
function withoutGrammars(): Plugin {
  return {
    name: 'no-grammars',
    enforce: 'pre',
    resolveId: (id) => (id === '@mlc-ai/web-xgrammar' ? '\0no-grammars' : null),
    load: (id) => (id === '\0no-grammars' ? "throw new Error('This package has no grammars.')" : null),
  }
}

const outside = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]
const source = (name: string) => resolve(import.meta.dirname, 'src', `${name}.ts`)

export default defineConfig({
  root: import.meta.dirname,
  plugins: [withoutAddress(), withoutGrammars()],
  build: {
    target: 'es2023',
    outDir: resolve(import.meta.dirname, 'dist'),
    minify: false,
    lib: { entry: Object.fromEntries(['index', 'runtime-node', 'runtime-web', 'webgpu', 'lora', 'node'].map((name) => [name, source(name)])), formats: ['es'] },
    rollupOptions: {
      external: (id) => id.startsWith('node:') || (!id.endsWith('?url') && outside.some((name) => id === name || id.startsWith(`${name}/`))),
      output: { chunkFileNames: 'parts/[name]-[hash].js' },
    },
  },
})
