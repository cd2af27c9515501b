import type { Words } from '../en/index.ts'

const list = (steps: readonly number[]) => steps.join('、')

export const shipped: Words['shipped'] = {
  label: '随页面附带',
  title: (name) => `这是随页面附带的训练：${name}。`,
  what: (steps, rollouts, adapters) =>
    `全部 ${steps} 步的数据都在，第 ${list(rollouts)} 步的采样轨迹也在，还有第 ${list(adapters)} 步之后的适配器。`,
  trainYours: '自己训练一个',
  watchTrained: '看训练后的模型',
  hide: '隐藏',
  hidden: '随页面附带的训练已隐藏。',
  showAgain: '显示随页面附带的训练',
  looksLike: '训练完成后是这个样子',
}
