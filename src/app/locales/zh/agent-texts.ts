import type { AgentTexts } from '../en/agent-texts.ts'

export const texts: AgentTexts = {
  agemem: {
    about: '策略用六种工具自己管理两种记忆，并学会何时用哪一种。',
    source: 'arXiv 2601.01885',
    simplified: null,
  },
  'agemem-rag': {
    about: '策略负责存储、更新和删除；检索、总结、过滤则由自动检索代替：与每条消息最相近的记忆会自动进入上下文（图 3）。',
    source: 'arXiv 2601.01885',
    simplified: '每条消息只检索一次，不在每次回复前再检索。',
  },
  none: {
    about: '什么也不保留。重置之后，策略只能根据上下文里剩下的内容作答。',
    source: null,
    simplified: null,
  },
  rag: {
    about: '每条消息原样存储；每个问题旁边放上最相近的几条。',
    source: 'arXiv 2005.11401',
    simplified: '一条消息一个条目：不分块，不重排，检索器也未经训练。',
  },
  langmem: {
    about: '每一轮之后，管理器在后台阅读这一轮，插入、更新或删除记忆。',
    source: 'langmem 软件包',
    simplified: '每一轮之后立即运行，不等停顿；只保存一种记忆：文本。',
  },
  'a-mem': {
    about: '每条记忆是一则笔记，带关键词、标签和内容说明；它与最相近的笔记相关联，那些笔记也会随之演变。',
    source: 'arXiv 2502.12110',
    simplified: '关联和演变一次问完，与作者的程序相同；笔记只按文本比较；关联是双向的。',
  },
  mem0: {
    about: '从每条消息中抽取事实，与最相近的记忆比较，然后添加、更新、删除或不动。',
    source: 'arXiv 2504.19413',
    simplified: '抽取时不附上对话的总结，也不从助手自己的话里抽取。',
  },
  'mem0-graph': {
    about: '与 Mem0 相同，另外在记忆旁保存实体及其关系，检索时一并查找。',
    source: 'arXiv 2504.19413',
    simplified: '图就写在条目里，旁边没有另外的数据库；实体按名称匹配。',
  },
  'mem0-add-only': {
    about: '如 Mem0 现在的做法：只添加记忆，并与相关的记忆关联；什么也不覆盖。',
    source: 'mem0ai 软件包',
    simplified: '检索结果只按相近程度排序，不另外计算词语和实体。',
  },
  memgpt: {
    about: '核心记忆写在提示里，其余放进档案；上下文将满时先收到警告并保存，然后较早的消息让位给一段总结。',
    source: 'arXiv 2310.08560',
    simplified: '每条消息只问一次，而不是循环调用函数；核心记忆随问题一起放进上下文；过去的消息是同一记忆中的条目。',
  },
}
