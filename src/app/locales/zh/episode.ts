import type { Words } from '../en/index.ts'

export const episode: Words['episode'] = {
  phases: {
    build: { word: '建立', title: '建立长期记忆', about: '听到事实，留下一些' },
    resist: { word: '抗干扰', title: '抵抗干扰信息', about: '上下文清空，随后是噪声' },
    answer: { word: '作答', title: '回答问题', about: '先检索，再作答' },
  },
  tools: {
    Add_memory: '添加',
    Update_memory: '更新',
    Delete_memory: '删除',
    Retrieve_memory: '检索',
    Summary_context: '总结',
    Filter_context: '过滤',
  },
  messages: {
    system: '系统提示',
    message: '用户',
    query: '问题',
    memories: '相关记忆',
    reply: '智能体',
    result: '工具结果',
    notice: '格式提示',
    summary: '总结',
  },
}
