// Static retrieval: every message is stored as it came, and the nearest come back before a question is answered.
import { baseline, recallNearest } from '../baseline.ts'

export const rag = baseline({
  line: 'stores every message as it is, and looks up the nearest before each answer',
  follows: { title: 'Retrieval-Augmented Generation for Knowledge-Intensive NLP Tasks', address: 'https://arxiv.org/abs/2005.11401' },
  remembers: true,
  asides: [],
  create: () => ({
    recall: recallNearest,
    async *tend(told, { memory }) {
      for (const text of told) await memory.add(text, { tags: [], type: null, extra: {} })
      yield* []
    },
  }),
})
