import js from '@eslint/js'
import globals from 'globals'
import hooks from 'eslint-plugin-react-hooks'
import { defineConfig } from 'eslint/config'
import ts from 'typescript-eslint'

const layers = ['core', 'nn', 'runtime', 'models', 'webllm', 'storage', 'rpc', 'lab', 'app']

/** @type {Record<string, string[]>} package pattern to the layers that may import it */
const packages = {
  '^onnxruntime-': ['runtime'],
  '^dexie$': ['storage'],
  '^(react|react-dom|radix-ui|lucide-react|zustand|recharts)(/|$)': ['app'],
  '^comlink$': ['rpc'],
  '^@mlc-ai/web-llm$': ['webllm'],
  '^hyparquet$': ['lab'],
}

/**
 * Directions of ARCHITECTURE.md: what a layer must not import, types included.
 * @param {string} layer
 * @param {string[]} sees
 */
function direction(layer, sees) {
  const hidden = layers.filter((other) => other !== layer && !sees.includes(other))
  const foreign = Object.entries(packages).filter(([, owners]) => !owners.includes(layer))
  return {
    files: [`src/${layer}/**/*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(${hidden.join('|')}|workers|cli|e2e|bench)(/|$)`,
              message: `${layer} must not import this layer: see ARCHITECTURE.md.`,
            },
            ...foreign.map(([regex, owners]) => ({
              regex,
              message: `Only ${owners.join(', ')} may import this package: see ARCHITECTURE.md.`,
            })),
          ],
        },
      ],
    },
  }
}

export default defineConfig([
  { ignores: ['.cache/', 'dist/', 'node_modules/', 'test-results/', 'playwright-report/', 'public/', 'src/nn/onnx/onnx_pb.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  {
    languageOptions: { parserOptions: { projectService: true }, globals: globals.browser },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.mjs', '**/*.js'], extends: [ts.configs.disableTypeChecked], languageOptions: { globals: globals.node } },
  direction('core', []),
  direction('nn', []),
  direction('runtime', ['nn']),
  direction('models', ['core', 'nn', 'runtime']),
  direction('webllm', ['core']),
  direction('storage', ['core']),
  direction('rpc', ['core']),
  direction('lab', ['core', 'rpc']),
  direction('app', ['core', 'rpc']),
  {
    files: ['src/core/**/*.ts', 'src/nn/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['window', 'document', 'self', 'navigator', 'indexedDB', 'localStorage', 'fetch', 'Worker', 'postMessage', 'process', 'crypto', 'Buffer'].map(
          (name) => ({ name, message: 'core and nn are pure TypeScript: pass it in.' }),
        ),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness comes from a passed-in generator.' },
        { object: 'Date', property: 'now', message: 'Time is passed in.' },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}', 'cli/**/*.ts', 'workers/**/*.ts'],
    ignores: ['src/core/fit.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...["MemberExpression[property.name='issues']", "CallExpression[callee.property.name='parse'][callee.object.name=/[sS]chema$/]"].map(
          (selector) => ({ selector, message: 'What does not fit is told in our words: fit() and mustFit() of core/fit.ts.' }),
        ),
      ],
    },
  },
  { files: ['src/app/**/*.{ts,tsx}'], ...hooks.configs.flat['recommended-latest'] },
])
