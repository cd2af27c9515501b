import { defineConfig } from 'vite'
import react from '@vitejs/plugin-react'
import { serving, zodWithoutEval } from './serving/plugin.ts'

export default defineConfig({
  plugins: [react(), zodWithoutEval(), serving()],
  base: './',
  worker: { format: 'es', plugins: () => [zodWithoutEval()] },
  // 700 kB of script are 220 kB over the wire; onnxruntime is not among them.
  build: { target: 'es2023', chunkSizeWarningLimit: 1000 },
  server: { host: '127.0.0.1', port: 5173 },
  preview: { host: '127.0.0.1', port: 4173 },
})
