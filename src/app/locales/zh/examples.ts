import type { Words } from '../en/index.ts'

export const examples: Words['examples'] = {
  label: '示例',
  list: {
    oracle: { name: '好记性', about: 'oracle 存下两条事实，过滤掉误导信息，再检索回来：答对了。' },
    trained: { name: '训练之后', about: '加上随页面附带的适配器，nano 把事实和更正都记住了：答对了。' },
    untrained: { name: '训练之前', about: '同一个任务，由未经训练的 nano 来做：事实丢了，答案也就没了。' },
    hoarding: { name: '什么都存', about: 'store-all 把每条消息都存下来，检索时翻出来的却是别的：没找到。' },
    forgetting: { name: '什么都不存', about: 'store-none 一条也不存，重置之后无从知道答案。' },
    careless: { name: '粗心', about: 'careless 就像训练前的模型，问题需要两条事实，它漏存了一条。' },
    overflow: { name: '窗口太小', about: 'store-all 答对了，但上下文超出 192 个 token，惩罚扣掉了大半奖励。' },
    distractors: { name: '干扰很多', about: 'oracle 听到八条误导信息，来一条过滤一条，最后答对了。' },
    scenario: { name: '案例', about: '仿照论文的例子：学习计划中途有变，oracle 跟上了变化，答对了。' },
    paper: { name: '论文的设置', about: '8,192 个 token、每个阶段五轮、完整提示词：空间充裕，oracle 答对了。' },
  },
}
