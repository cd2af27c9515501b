import { readdirSync } from 'node:fs'
import js from '@eslint/js'
import globals from 'globals'
import hooks from 'eslint-plugin-react-hooks'
import { defineConfig } from 'eslint/config'
import ts from 'typescript-eslint'

const layers = ['core', 'nn', 'runtime', 'models', 'pretraining', 'goldens', 'webllm', 'live', 'storage', 'rpc', 'exchange', 'lab', 'app']

/**
 * The rooms of core, from the ground up: each sees those of earlier lines, and no other of its own line. What lies in
 * core itself (words, random numbers, tables) is for all. Tests and fixtures may look up.
 */
const rooms = [
  ['record'],
  ['memory', 'policy'],
  ['agents', 'environments'],
  ['episode'],
  ['demonstrations', 'reward'],
  ['evaluation'],
  ['training'],
  ['experiments'],
  ['export'],
]

const tests = ['**/*.test.ts', '**/*.test-suite.ts', '**/*fixture.ts', '**/fixtures/*.ts']

/** @type {Record<string, string[]>} package pattern to the layers that may import it */
const packages = {
  '^onnxruntime-': ['runtime'],
  '^dexie$': ['storage'],
  '^(react|react-dom|radix-ui|lucide-react|zustand|recharts)(/|$)': ['app'],
  '^comlink$': ['rpc'],
  '^@mlc-ai/web-llm$': ['webllm'],
  '^@mlc-ai/web-xgrammar$': ['models'],
  '^hyparquet$': ['lab'],
  '^hyparquet-writer$': ['exchange'],
  '^fflate$': ['core', 'lab', 'app'],
}

/**
 * Directions of ARCHITECTURE.md: what a layer must not import, types included.
 * @param {string} layer
 * @param {string[]} sees
 */
function hiddenFrom(layer, sees) {
  const hidden = layers.filter((other) => other !== layer && !sees.includes(other))
  const foreign = Object.entries(packages).filter(([, owners]) => !owners.includes(layer))
  return [
    {
      regex: `^(\\.\\./)+(${hidden.join('|')}|workers|cli|e2e|bench|packages)(/|$)`,
      message: `${layer} must not import this layer: see ARCHITECTURE.md.`,
    },
    ...foreign.map(([regex, owners]) => ({
      regex,
      message: `Only ${owners.join(', ')} may import this package: see ARCHITECTURE.md.`,
    })),
  ]
}

/**
 * @param {string} layer
 * @param {string[]} sees
 */
function direction(layer, sees) {
  return {
    files: [`src/${layer}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns: hiddenFrom(layer, sees) }] },
  }
}

/**
 * The same for a room of core.
 * @param {string} room
 * @param {string[]} hidden
 */
function roomDirection(room, hidden) {
  const packing = { regex: '^fflate$', message: 'Of core only export packs files.' }
  const message = `core/${room} must not import this room: see ARCHITECTURE.md.`
  const upwards = hidden.length === 0 ? [] : [{ regex: `^(\\.\\./)+(core/)?(${hidden.join('|')})/`, message }]
  return {
    files: [`src/core/${room}/**/*.ts`],
    ignores: tests,
    rules: { 'no-restricted-imports': ['error', { patterns: [...hiddenFrom('core', []), ...upwards, ...(room === 'export' ? [] : [packing])] }] },
  }
}

/**
 * The same for a room of the page: views see no other view, what they share sees no view.
 * @param {string} room
 * @param {string[]} hidden
 * @param {string[]} entries files that put things together
 */
function appDirection(room, hidden, entries = []) {
  const patterns = [
    ...hiddenFrom('app', ['core', 'rpc']),
    { regex: `^(\\.\\./)+(views/)?(${hidden.join('|')})/`, message: `app/${room} must not import this room: see ARCHITECTURE.md.` },
  ]
  return {
    files: [`src/app/${room}/**/*.{ts,tsx}`],
    ignores: [...tests, ...entries.map((entry) => `src/app/${room}/${entry}`)],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  }
}

export default defineConfig([
  { ignores: ['.cache/', 'dist/', 'packages/*/dist/', 'node_modules/', 'test-results/', 'playwright-report/', 'public/', 'src/nn/onnx/onnx_pb.ts'] },
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
  {
    files: ['src/core/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [...hiddenFrom('core', []), { regex: '^\\./.+/', message: 'What lies in core itself knows none of its rooms.' }] },
      ],
    },
  },
  ...rooms.flatMap((line, at) => line.map((room) => roomDirection(room, rooms.flatMap((other, i) => (i < at ? [] : other.filter((each) => each !== room)))))),
  direction('nn', []),
  direction('runtime', ['nn']),
  direction('models', ['core', 'nn', 'runtime']),
  { ...direction('models', ['core', 'nn', 'runtime', 'pretraining']), files: tests.map((name) => `src/models/${name}`) },
  direction('pretraining', ['core', 'nn', 'runtime', 'models']),
  direction('goldens', ['core', 'nn', 'runtime', 'models']),
  direction('webllm', ['core']),
  direction('live', ['core', 'nn', 'runtime', 'models', 'webllm']),
  direction('storage', ['core']),
  direction('rpc', ['core']),
  direction('exchange', ['core']),
  direction('lab', ['core', 'rpc', 'exchange']),
  direction('app', ['core', 'rpc']),
  appDirection('state', ['views', 'frame', 'address', 'ui', 'episode', 'sentence', 'runs', 'reward', 'actions'], ['create.ts', 'context.tsx']),
  ...['actions', 'ui', 'episode', 'sentence', 'runs', 'reward', 'locales'].map((room) => appDirection(room, ['views', 'frame', 'address'])),
  ...readdirSync('src/app/views', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }, _, all) => appDirection(`views/${name}`, ['frame', 'address', ...all.map((other) => other.name).filter((other) => other !== name)])),
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
