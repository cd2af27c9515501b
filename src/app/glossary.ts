// What every technical word of the page means, in the language that is spoken, and where the paper has it.
import { isToolName, tools, type ToolName } from '../core/agents/agemem/tools/index.ts'
import type { TermName as RewardTerm } from '../core/reward/terms.ts'
import { t, type Words } from './locales/index.ts'
import { isRewardTerm, wordsOf } from './reward/catalogue.ts'

export interface Entry {
  title: string
  sentence: string
  /** "eq. 15" or "§3.3"; null for words that are this page's own. */
  where: string | null
}

type Own = keyof Words['glossary']['entries']
export type TermName = Own | RewardTerm | ToolName

/** Where the paper has it; what is not here is this page's own. */
const places: Partial<Record<TermName, string>> = {
  ltm: '§3.1',
  stm: '§3.1',
  stage1: '§3.3, Algorithm 3',
  stage2: '§3.3, Algorithm 4',
  stage3: '§3.3, Algorithm 5',
  step: '§3.1',
  reset: '§3.3',
  think: 'A.1',
  violation: 'A.1',
  recall: 'Algorithm 3',
  similarity: 'eq. 8',
  theta: 'eq. 15',
  tMax: 'eq. 19, 26',
  nMax: '§3.3, eq. 26',
  topK: 'eq. 9',
  constrained: 'A.1',
  embedder: 'eq. 8',
  Add_memory: '§3.2',
  Update_memory: '§3.2',
  Delete_memory: '§3.2',
  Retrieve_memory: 'eq. 8, 9',
  Summary_context: 'eq. 14',
  Filter_context: 'eq. 15',
  reward: 'eq. 16',
  judge: 'eq. 17',
  quality: 'C.2',
  penalty: 'eq. 26',
  rollout: '§3.4',
  group: '§3.4',
  trainStep: 'Algorithm 1',
  advantage: 'eq. 5',
  tokenGradient: 'eq. 6',
  groupMean: 'eq. 5',
  groupStd: 'eq. 5',
  termScore: 'GDPO, arXiv 2601.05242',
  sumStd: 'GDPO, arXiv 2601.05242',
  epsilon: 'eq. 5',
  zeroVariance: 'eq. 5',
  components: 'eq. 16',
  toolCalls: 'Table 3',
  contextTokens: 'eq. 19',
  kl: 'eq. 6',
  klBeta: 'eq. 6',
  clip: 'eq. 6',
  aggregation: 'eq. 6',
  advantageForm: 'eq. 5',
  credit: '§3.4',
  curriculum: '§3.3',
  weight: 'eq. 16',
  alpha: 'eq. 18',
  beta: 'eq. 22',
  table3: 'Table 3',
}

const isOwn = (name: TermName, entries: Words['glossary']['entries']): name is Own => Object.hasOwn(entries, name)

/** A tool that has no sentence of its own is explained as it is to a model. */
export function explain(name: TermName): Entry {
  const { entries, place } = t().glossary
  const found = places[name]
  const where = found === undefined ? null : place(found)
  if (isOwn(name, entries)) return { ...entries[name], where }
  if (isRewardTerm(name)) return wordsOf(name)
  const tool: string = name
  return { title: tool, sentence: isToolName(tool) ? tools[tool].description : '', where }
}
