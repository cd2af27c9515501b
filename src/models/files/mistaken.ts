// Words for a model's file that is not what it is called, and for a place that has another kind of model: what it is,
// and what to do.
import { kindOfFile, type FileKind } from '../../core/file-kind.ts'

const wanted = 'Take the model in Hugging Face form: config.json, tokenizer.json, tokenizer_config.json and model.safetensors.'
const asSafetensors = 'Take the safetensors files of the model, or write them in Python with model.save_pretrained(folder).'

const words: Record<FileKind, string> = {
  empty: 'is empty: it was not fetched. Download it again.',
  'lfs-pointer':
    'is a pointer of Git LFS, not the file itself. Run “git lfs pull” in the folder, or download the file from the model’s page.',
  html: 'is a web page, not the file: the address is that of a page, or wants a login. Give the address of the files, for Hugging Face https://huggingface.co/OWNER/MODEL/resolve/main/.',
  gzip: 'is packed with gzip. Unpack it first.',
  zip: `is a zip file, as PyTorch’s pickles are: they can run code and are never read. ${asSafetensors}`,
  pickle: `is a pickle of Python: it can run code and is never read. ${asSafetensors}`,
  gguf: 'is a GGUF file by another name. Call it something that ends in .gguf, and choose that file alone.',
  hdf5: `is an HDF5 file, as TensorFlow writes them, which is not read here. ${asSafetensors}`,
  json: 'is JSON, not weights: perhaps a message of the server. Download it again, and look into it.',
  text: 'is text, not weights: perhaps a message of the server. Download it again, and look into it.',
}

/** What a file of weights is, when its beginning is not that of safetensors; null: it may be. */
export function mistakenWeights(head: Uint8Array): string | null {
  // A header's length, whatever its digits are taken for, and its brace.
  if (head[8] === 0x7b && head.subarray(4, 8).every((byte) => byte === 0)) return null
  const kind = kindOfFile(head)
  return kind === null ? null : words[kind]
}

/** What a file is that should be JSON or a template; null: it may be. */
export function mistakenText(head: Uint8Array): string | null {
  const kind = kindOfFile(head)
  return kind === null || kind === 'json' || kind === 'text' ? null : words[kind]
}

/** Files by which other kinds of models are known, in the order in which they are looked for. */
const telling: readonly [name: string, words: string][] = [
  [
    'mlc-chat-config.json',
    'is a model in MLC form, compiled for WebLLM. Add it in Models, “A model by its address”, with its library; or take the same model in Hugging Face form.',
  ],
  ['adapter_config.json', 'is a LoRA adapter, not a whole model. Import it in Train, under its base model.'],
  ['pytorch_model.bin', `has its weights as a pickle, which can run code and is never read. ${asSafetensors}`],
  ['pytorch_model.bin.index.json', `has its weights as pickles, which can run code and are never read. ${asSafetensors}`],
  ['consolidated.00.pth', `has its weights as Meta publishes them, as a pickle, which is never read. ${wanted}`],
  ['params.json', `is a model as Meta publishes it. ${wanted}`],
]

const endings: readonly [ending: RegExp, words: string][] = [
  [/\.gguf$/i, 'has a GGUF file further down. Choose that file alone.'],
  [/\.(bin|pt|pth|ckpt|pkl)$/i, `has its weights as a pickle, which can run code and is never read. ${asSafetensors}`],
  [/\.onnx$/i, `has ONNX files, which cannot be trained here. ${wanted}`],
  [/\.(h5|msgpack|npz|tflite)$/i, `has weights of another library, which are not read here. ${asSafetensors}`],
]

/** Where a model's files may be looked for. */
interface Place {
  /** All names, where the place can be listed. */
  readonly names?: readonly string[]
  /** The beginning of a file; null when there is none. */
  head(name: string, bytes: number): Promise<Uint8Array | null>
}

/** The address of a page of Hugging Face in place of that of its files, with the right one; null: it is none. */
export function hubHint(place: string): string | null {
  const [, owner, model, branch = 'main'] = /^https:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/([\w.-]+)\/([\w.-]+)\/(?:(?:tree|blob)\/([\w.-]+)\/?)?$/.exec(place) ?? []
  return owner === undefined || model === undefined ? null : `That is the address of a page: its files are at https://huggingface.co/${owner}/${model}/resolve/${branch}/.`
}

/** What lies at a place that has no model in Hugging Face form, as a sentence; null: nothing that is known here. */
export async function mistakenPlace(place: Place): Promise<string | null> {
  const { names } = place
  const nested = names?.map((name) => /^(.+)\/config\.json$/.exec(name)?.[1]).find((folder) => folder !== undefined)
  for (const [name, what] of telling) {
    if (names) {
      if (names.includes(name)) return `This ${what}`
      continue
    }
    const head = await place.head(name, 512)
    // Servers of single pages have every file.
    if (head && kindOfFile(head) !== 'html') return `This ${what}`
  }
  for (const [ending, what] of endings) if (names?.some((name) => ending.test(name))) return `This ${what}`
  return nested === undefined ? null : `There is a model in the folder ${nested} inside it: choose that one.`
}
