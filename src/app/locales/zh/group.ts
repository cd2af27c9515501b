import type { Words } from '../en/index.ts'

export const group: Words['group'] = {
  keys: {
    rollout: '选一条采样轨迹',
    step: '上一个或下一个训练步',
    task: '换一个任务',
    tokens: '采样轨迹的 token',
    watch: '在“观看”中打开这条采样轨迹',
  },
}
