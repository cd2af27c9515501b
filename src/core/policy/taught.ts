// Adapters that come with the page: what models of others were taught of the protocol (scripts/ship-adapter.ts makes them).

/** By the beginning of the model's name, in small letters: the folder below the page's own in which PEFT's files lie. */
const taught: Readonly<Record<string, string>> = {
  'smollm2-135m-instruct': 'models/smollm2-135m-instruct/adapter',
}

/** Where the adapter for a model of this name lies; null: none comes with the page. Its form (GGUF, 16 bits) does not matter. */
export function taughtAdapter(model: string): string | null {
  const name = model.toLowerCase()
  return Object.entries(taught).find(([begins]) => name.startsWith(begins))?.[1] ?? null
}

/** Where the adapter for a model of this name lies, and the key under which it is kept as a checkpoint; null: none comes with the page. */
export function taughtPlace(model: string): { folder: string; key: string } | null {
  const folder = taughtAdapter(model)
  return folder === null ? null : { folder, key: `taught-${model}` }
}

/** That key alone. */
export const taughtKey = (model: string): string | null => taughtPlace(model)?.key ?? null
