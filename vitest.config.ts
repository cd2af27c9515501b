import { defineConfig } from 'vitest/config'

const packageSource = (name: string) => `${import.meta.dirname}/packages/nn/src/${name}.ts`

export default defineConfig({
  // The package as its examples import it, from its source; tsconfig.json says the same to the compiler and to tsx.
  resolve: {
    alias: [
      { find: /^@agemem\/nn$/, replacement: packageSource('index') },
      { find: /^@agemem\/nn\/runtime$/, replacement: packageSource('runtime-node') },
      { find: /^@agemem\/nn\/(\w+)$/, replacement: packageSource('$1') },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'cli/**/*.test.ts', 'workers/**/*.test.ts', 'fuzz/**/*.test.ts', 'serving/**/*.test.ts', 'packages/**/*.test.ts', 'bench/**/*.test.ts'],
    // By itself it leaves one core idle, which of two is half of them.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
