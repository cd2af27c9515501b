import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'cli/**/*.test.ts', 'workers/**/*.test.ts', 'fuzz/**/*.test.ts', 'serving/**/*.test.ts'],
    // By itself it leaves one core idle, which of two is half of them.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
