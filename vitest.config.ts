import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'cli/**/*.test.ts', 'workers/**/*.test.ts', 'fuzz/**/*.test.ts', 'serving/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
