// AgeMem-RAG, the paper's ablation of the short-term tools (§4.3 and C.3, Fig. 3 and 4): AgeMem adds, updates and deletes, and in
// place of Retrieve, Summary and Filter what is nearest to each message comes into the context by itself. Simplified: it is
// looked up once for each message that comes, not once more for each reply to it, for what is looked for is the same.
import { ageMemWith } from '../agemem/agent.ts'

export const ageMemRag = ageMemWith({
  line: 'the policy stores, updates and deletes; what is near to each message comes by itself',
  tools: ['Add_memory', 'Update_memory', 'Delete_memory'],
  recalls: null,
})
