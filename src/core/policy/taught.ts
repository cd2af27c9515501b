// Adapters that come with the page: what models of others were taught of the protocol (scripts/ship-adapter.ts makes them).

/** By the beginning of the model's name, in small letters: the folder below the page's own in which PEFT's files lie. */
export type Taught = Readonly<Record<string, string>>

/** None yet: one comes when its model not only keeps the protocol but remembers with it. */
const taught: Taught = {}

/** Where the adapter for a model of this name lies; null: none comes with the page. Its form (GGUF, 16 bits) does not matter. */
export function taughtAdapter(model: string, among: Taught = taught): string | null {
  const name = model.toLowerCase()
  return Object.entries(among).find(([begins]) => name.startsWith(begins))?.[1] ?? null
}
