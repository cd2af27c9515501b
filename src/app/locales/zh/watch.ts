import type { Words } from '../en/index.ts'

export const watch: Words['watch'] = {
  keys: {
    step: '后退或前进一步',
    stage: '上一阶段或下一阶段',
    ends: '第一步或最后一步',
    play: '播放或暂停',
    run: '运行',
    tokens: '回复的 token',
  },
}
