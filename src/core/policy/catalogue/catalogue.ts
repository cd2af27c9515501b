// The models that this project's own engine plays and trains and that can be fetched from their publishers, the smallest
// first. One file an entry, and its line here. (nano comes with the page; WebLLM has a list of its own.)
import type { CatalogueEntry } from './entry.ts'
import { llama32 } from './llama-3.2-1b-instruct.ts'
import { qwen25 } from './qwen2.5-0.5b-instruct.ts'
import { qwen3 } from './qwen3-0.6b.ts'
import { smolLm2Small } from './smollm2-135m-instruct.ts'
import { smolLm2Medium } from './smollm2-360m-instruct.ts'

export type { CatalogueEntry, CatalogueFile, CatalogueShape } from './entry.ts'

export const catalogue: readonly CatalogueEntry[] = [smolLm2Small, smolLm2Medium, qwen25, qwen3, llama32]

/** The folder of a model's files at the revision of the catalogue. */
export const addressOf = ({ repository, revision }: Pick<CatalogueEntry, 'repository' | 'revision'>): string =>
  `https://huggingface.co/${repository}/resolve/${revision}/`

/** What is fetched, bytes; small files of unknown size are left out. */
export const downloadBytes = ({ files }: Pick<CatalogueEntry, 'files'>): number => files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)

export const entryOf = (id: string): CatalogueEntry | undefined => catalogue.find((each) => each.id === id)
