import type { Words } from '../en/index.ts'

export const agents: Words['agents'] = {
  label: '智能体',
  about: '由谁来管理记忆。AgeMem 自己学会管理；其余的是人工设计的，策略只负责回答。',
  from: '出处',
  simplified: '这里的简化',
  byRules: (policy) =>
    `${policy} 只懂 AgeMem 的提示，所以这个智能体在回复之外的询问由固定规则回答：它的记忆在这里是基于规则的。SmolLM2 等语言模型会自己回答。`,
  scripted: '脚本在这里只是听，然后根据上下文里的内容作答。',
  ruled: '它的记忆是基于规则的：智能体在回复之外的询问由固定规则回答。',
  noTools: '没有工具：这个智能体自行管理记忆',
  with: (policy, agent) => `${policy}（${agent}）`,
  names: {
    agemem: 'AgeMem',
    'agemem-rag': 'AgeMem-RAG',
    none: '无记忆',
    rag: 'RAG',
    langmem: 'LangMem',
    'a-mem': 'A-Mem',
    mem0: 'Mem0',
    'mem0-graph': '带图的 Mem0',
    'mem0-add-only': 'Mem0 现行版',
    memgpt: 'MemGPT',
  },
  texts: async () => (await import('./agent-texts.ts')).texts,
}
