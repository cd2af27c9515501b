// What a run warns of, and why it rests.
import type { HealthWords } from '../../../core/training/health-words.ts'

export const health: HealthWords = {
  warnings: {
    notFinite: '损失或梯度不是有限的数。这次更新没有执行，适配器保持原样。',
    kl: (nats) => `策略离基础模型已经很远：KL 为 ${nats} nat / token。`,
    noVariance: '每个任务的采样轨迹得到的奖励都相同，没有可学的东西。',
    noAnswers: (share) => `只有 ${share} 的回合给出了答案。`,
    format: (share) => `${share} 的回复不符合协议。`,
    tooLong: (replies) => `${replies} 条回复超出了模型的窗口，没有参与学习。`,
  },
  notes: {
    notFinite: (steps) => `损失或梯度连续 ${steps} 步不是有限的数。请回到某个检查点，并降低学习率。`,
    kl: (nats) => `与基础模型的 KL 散度失控了（${nats} nat / token）。请回到某个检查点，并降低学习率或增大 β。`,
    noVariance: (steps) => `连续 ${steps} 步没有任何一组有方差：要么模型已经学会了这些任务能教的一切，要么没有一条采样轨迹成功。请改变难度或温度。`,
    noAnswers: (share) => `模型不再作答：只有 ${share} 的回合给出了答案。请回到某个检查点，并降低学习率。`,
    format: (share) => `模型丢掉了协议：${share} 的回复不符合它。请回到某个检查点，并降低学习率或增大 β。`,
    importCutOff: (steps) => `导入中途被打断：文件里有 ${steps} 步。`,
  },
}
