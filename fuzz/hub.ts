// What a host of models says that it has: read as weights.worker reads it, before a name of it becomes that of a file.
import { listFiles } from '../src/models/kept/hub.ts'
import { mutated } from './mutate.ts'
import { WrongResult, type Input, type Target } from './target.ts'

const commit = 'c'.repeat(40)
const tree = JSON.stringify([
  { type: 'file', path: 'config.json', size: 861, oid: 'a'.repeat(40) },
  { type: 'file', path: 'tokenizer.json', size: 2_104_556, oid: 'b'.repeat(40) },
  { type: 'file', path: 'tokenizer_config.json', size: 3764, oid: 'd'.repeat(40) },
  { type: 'directory', path: 'onnx', size: 0, oid: 'e'.repeat(40) },
  { type: 'file', path: 'model.safetensors', size: 269_060_552, oid: 'f'.repeat(40), lfs: { oid: '5'.repeat(64), size: 269_060_552 } },
])
const index = JSON.stringify({ metadata: {}, weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' } })

const input = (text: string, hub: boolean): Input => ({
  text,
  size: text.length,
  run: async () => {
    const host = { fetch: () => Promise.resolve(new Response(text)), wait: () => Promise.resolve() }
    const { files } = await listFiles(host, hub ? `https://models.test/owner/model/resolve/${commit}/` : 'https://models.test/folder/')
    for (const { name, bytes } of files) {
      if (!/^\w[\w.-]*$/.test(name)) throw new WrongResult(`“${name}” would be read from elsewhere.`)
      if (bytes !== null && !(Number.isSafeInteger(bytes) && bytes >= 0)) throw new WrongResult(`${name} has ${bytes} bytes.`)
    }
  },
})

export const hub: Target = {
  name: 'hub',
  expected: ['WebLlmError'],
  valid: [input(tree, true), input(index, false)],
  generators: {
    list: (random) => input(mutated(tree, random), true),
    index: (random) => input(mutated(index, random), false),
  },
}
