// 到目前为止学到了什么：训练视图开头的一句话。
import { change, type LearnedFacts } from '../en/learned.ts'
import type { Words } from '../en/index.ts'

type Kind = NonNullable<LearnedFacts['findings']>[number]['kind']

const habits: Record<Kind, (share: string) => string> = {
  facts: (share) => `存储事实 ${share}`,
  updates: (share) => `更新更正 ${share}`,
  retrieves: (share) => `作答前先检索 ${share}`,
  filters: (share) => `过滤上下文的回合 ${share}`,
  distractors: (share) => `存储干扰信息 ${share}`,
  format: (share) => `格式错误的回复 ${share}`,
}

function rightWords({ steps, right, usual }: LearnedFacts): string {
  if (right === null) return ''
  if (right.direction === 'up') return `训练中答对的比例提高了：${change(right)}。`
  if (right.direction === 'down') return `训练中答对的比例下降了：${change(right)}。`
  const yet = `训练中答对的比例还没有明显高于开始时（${change(right)}）`
  if (usual === null) return `${yet}。`
  return steps < usual ? `${yet}，在第 ${usual} 步左右之前这很常见。` : `${yet}；已有训练约从第 ${usual} 步起变好。`
}

function heldOutWords({ heldOut }: LearnedFacts): string {
  if (heldOut === null) return ''
  const end = { up: '', down: '', same: '，可能只是偶然' }[heldOut.direction]
  return `留出任务：${change(heldOut)}${end}。`
}

export const learned: Words['train']['learned'] = {
  label: '到目前为止学到了什么',
  hint: '把最初几步与最近几步相比，各最多八步。只报告偶然很难造成的变化（Welch t 检验，95 %）。如果方案在开头采样更自由，训练中的答对率会因此自行上升；留出任务的采样方式始终不变。',
  sentence: (learnt) => {
    const { findings } = learnt
    if (findings === null) return '还看不出学到了什么：至少需要六步。'
    const changed = findings.length === 0 ? '到目前为止，各种习惯的变化都在偶然范围之内。' : `到目前为止：${findings.map((each) => habits[each.kind](change(each))).join('，')}。`
    return `${changed}${rightWords(learnt)}${heldOutWords(learnt)}`
  },
}
