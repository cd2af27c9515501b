import { defineConfig } from 'vite'
import react from '@vitejs/plugin-react'
import { grammarWithoutNode, serving, zodWithoutEval } from './serving/plugin.ts'

export default defineConfig({
  plugins: [react(), zodWithoutEval(), serving()],
  base: './',
  // A file that is not there is none, as on any static host: not the page in its place.
  appType: 'mpa',
  worker: { format: 'es', plugins: () => [zodWithoutEval(), grammarWithoutNode()] },
  // 310 kB over the wire at most are needed before the page stands (e2e/bundle.spec.ts).
  build: { target: 'es2023', chunkSizeWarningLimit: 1000 },
  server: { host: '127.0.0.1', port: 5173 },
  preview: { host: '127.0.0.1', port: 4173 },
})
