import type { Words } from '../en/index.ts'

export const tour: Words['tour'] = {
  label: '引导',
  plays: { before: '训练前', after: '训练后' },
  before: {
    build: {
      title: '未经训练的 nano 在决定记什么。',
      text: '这是一个小语言模型，就在你的 CPU 上运行。写进长期记忆的内容会留下来；现在还没有人提问。',
    },
    resist: { title: '对话被清空了。', text: '重置之后只剩长期记忆，接下来听到的都是干扰信息。' },
    answer: { title: '现在提问。', text: '它可以检索存下的内容，也只能靠这些来回答。' },
  },
  after: {
    build: {
      title: '同一个任务，训练之后。',
      text: '模型没变，只加了一个随页面附带的小适配器。看看它这次往长期记忆里写了什么。',
    },
    resist: { title: '对话再次清空，干扰照旧。', text: '存下的内容还在。' },
    answer: { title: '同样的问题。', text: '它先检索记忆，再作答。' },
  },
  ended: { before: '它忘了。', after: '它记住了。' },
  reward: (total, best) => `奖励：${total}（满分 ${best}）。`,
  handover: { title: '自己来训练。', text: '训练只需要每个回合的奖励。它就在这个标签页里进行，每一步你都看得到。' },
  buttons: { pause: '暂停', play: '继续', next: '下一步', skip: '跳过', train: '自己来训练', done: '随便看看' },
}
