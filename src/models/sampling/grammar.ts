// Grammars over a model's tokens: which token may come next in a reply. The only importer of XGrammar, which is
// 1 MB of script with its wasm inside and loads when the first constrained reply is asked for.
import type * as XGrammar from '@mlc-ai/web-xgrammar'
import { messageOf } from '../../core/error-message.ts'
import type { Tokenizer } from '../files/tokenizer.ts'

type Library = Pick<typeof XGrammar, 'GrammarCompiler' | 'GrammarMatcher' | 'TokenizerInfo'>

/** Where one reply stands in its grammar. */
export interface ReplyGrammar {
  /** Goes on by this token; false: it may not come here, and nothing changes. */
  accept(id: number): boolean
  /** A bit for each token of the vocabulary, the lowest of the first word first: 1 where it may come next. */
  allowed(): Promise<Int32Array>
  /** Frees it. */
  dispose(): void
}

export const isAllowed = (words: Int32Array, id: number): boolean => (((words[id >> 5] ?? 0) >>> (id & 31)) & 1) === 1

const isLibrary = (found: unknown): found is Library =>
  typeof found === 'object' && found !== null && ['GrammarCompiler', 'GrammarMatcher', 'TokenizerInfo'].every((name) => name in found)

/**
 * XGrammar as web-xgrammar 0.1.27 is published: a script for <script> and require(), marked as a module. As such it
 * leaves its names on the global object, and in Node it asks for names that a module does not have: for where it lies,
 * of which it then asks Node's own createRequire().
 */
async function loadLibrary(): Promise<Library> {
  const given: Record<string, unknown> = {}
  if (!('location' in globalThis)) {
    const href = import.meta.url
    Object.assign(given, { require: () => ({ pathToFileURL: () => ({ href }) }), __filename: href })
  }
  const before = new Map(Object.keys(given).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]))
  Object.assign(globalThis, given)
  try {
    const imported: unknown = await import('@mlc-ai/web-xgrammar')
    const left: unknown = Reflect.get(globalThis, 'xgrammar')
    const library = [imported, left].find(isLibrary)
    if (!library) throw new Error('XGrammar did not load as expected: its version has changed.')
    // Its wasm starts with the first thing that is asked of it, and looks at these names once more.
    const started = await library.TokenizerInfo.createTokenizerInfo(['a'], 'raw', false, 1, [])
    started.dispose()
    return library
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor)
      else Reflect.deleteProperty(globalThis, name)
    }
  }
}

let loading: Promise<Library> | null = null
async function theLibrary(): Promise<Library> {
  loading ??= loadLibrary()
  try {
    return await loading
  } catch (error) {
    // The next reply asks again: the file may not have come over the network.
    loading = null
    throw error
  }
}

/** The grammars of one model's replies: each is compiled once. */
export class Grammars {
  readonly #library: Library
  readonly #compiler: XGrammar.GrammarCompiler
  readonly #compiled = new Map<string, Promise<XGrammar.CompiledGrammar>>()
  /** XGrammar refuses tokens that are no text too, and writes a line to the console each time. */
  readonly #isText: (id: number) => boolean

  private constructor(library: Library, compiler: XGrammar.GrammarCompiler, isText: (id: number) => boolean) {
    this.#library = library
    this.#compiler = compiler
    this.#isText = isText
  }

  /** @param vocabulary logits of the model: ids beyond the tokenizer's are never allowed */
  static async create(tokenizer: Tokenizer, vocabulary: number): Promise<Grammars> {
    const library = await theLibrary()
    const { tokens, encoding } = tokenizer.vocabulary()
    const kept = tokens.slice(0, vocabulary)
    const info = await library.TokenizerInfo.createTokenizerInfo(kept, encoding, false, vocabulary, [...tokenizer.stopIds])
    const ends = new Set(tokenizer.stopIds)
    return new Grammars(library, await library.GrammarCompiler.createGrammarCompiler(info), (id) => ends.has(id) || Boolean(kept[id]))
  }

  /** A reply that begins. @throws Error when it is not a grammar in XGrammar's EBNF */
  async begin(grammar: string): Promise<ReplyGrammar> {
    let compiling = this.#compiled.get(grammar)
    if (!compiling) {
      compiling = this.#compiler.compileGrammar(grammar)
      this.#compiled.set(grammar, compiling)
    }
    try {
      const matcher = await this.#library.GrammarMatcher.createGrammarMatcher(await compiling)
      return {
        accept: (id) => this.#isText(id) && matcher.acceptToken(id),
        allowed: () => matcher.getNextTokenBitmask(),
        dispose: () => { matcher.dispose() },
      }
    } catch (error) {
      this.#compiled.delete(grammar)
      throw new Error(`The grammar of replies was refused: ${messageOf(error)}`, { cause: error })
    }
  }
}
