import type { Words } from '../en/index.ts'

export const surprises: Words['surprises'] = {
  title: '这个奖励里需要留意的地方',
  because: {
    'paid-though-wrong': (of) =>
      `答案没有得分，总奖励却有 ${of.total}：上下文和记忆的奖励只看怎么处理，不看答案对不对。`,
    'right-but-not-paid': (of) => `答案是对的，总奖励却只有 ${of.total}：惩罚抵掉了得分。`,
    clipped: (of) => `各项相加是 ${of.sum}，这组权重把总奖励截断到 ${of.total}。`,
    'any-update': (of) =>
      `第 ${of.step} 步改动 ${of.memory} 拿到了式 24 的 ${of.points}，但记忆并没有因此更准确：式 24 只看有没有更新或删除，不看改得对不对。`,
    'nothing-to-update': () => '这个任务里没有更正，做得好的智能体也拿不到式 24 的奖励：只有多余的更新才会得分。',
    'failed-update': (of) => `这组权重和公开代码一样，失败的更新也给 ${of.points}。`,
    'short-since-empty': (of) => `式 19 因为上下文短给了 ${of.points}，而它短是因为作答前什么都没有检索。`,
    'any-reduction': (of) =>
      `第 ${of.step} 步整理上下文拿到了式 20 的 ${of.points}，当时 ${of.limit} 个 token 只用了 ${of.used} 个：溢出之前的任何过滤或总结都算。`,
  },
}
