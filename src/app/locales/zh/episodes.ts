import type { Words } from '../en/index.ts'

export const episodes: Words['episodes'] = {
  label: '已记录的回合',
  title: '已记录的回合',
  about: '保存在这台电脑的这个浏览器里。',
  sources: { world: '虚构世界', hotpotqa: 'HotpotQA', musique: 'MuSiQue', locomo: 'LoCoMo', longmemeval: 'LongMemEval', factconsolidation: 'FactConsolidation', scenario: '场景', own: '自己的任务' },
  rewardHint: '按论文的权重计算',
  import: '导入',
  importLabel: '导入回合',
  exportAll: '全部导出',
  exportToShow: '全部回合，供其他程序查看（zip）',
  exportOne: '导出为 JSON',
  remove: '删除',
  search: '搜索和筛选回合',
  reading: '正在读取列表…',
  notRead: (why) => `列表读取失败。${why}`,
  readingTexts: (left) => `还有 ${left} 条正在读取…`,
  nothing: {
    title: '还没有记录任何回合',
    about: '你运行的每个回合都会保存在这里，也可以导入从本页导出的文件，或其他程序的对话：带工具的 OpenAI 消息或 ATIF。',
    run: '去运行一个',
  },
  gone: '这个回合已不存在，可能在另一个标签页中被删除了。',
  notExported: (why) => `回合导出失败。${why}`,
  noneExported: (why) => `回合导出失败。${why}`,
}
