import type { Words } from '../en/index.ts'

const step = (index: number) => `第 ${index + 1} 步`

export const reward: Words['reward'] = {
  terms: {
    task: { title: '任务奖励', short: '任务', sentence: '评判者给答案的分数；没有答案时为 −1。', formula: 'R_task = S(A_pred, A_q)；没有答案时为 −1' },
    compression: { title: '压缩', short: '压缩', sentence: '智能体作答时，上下文窗口中空闲部分的比例。', formula: 'max(0, 1 − T_used / T_max)' },
    preventive: { title: '预防', short: '预防', sentence: '在窗口溢出之前做过过滤或总结，则为 1。', formula: '超出 T_max 之前过滤或总结过内容则为 1，否则为 0' },
    preservation: { title: '保留', short: '保留', sentence: '问题中的每个人名、日期、数字和地点都出现在智能体保留或检索到的内容里，则为 1。', formula: '问题的关键短语都已保留或检索到则为 1，否则为 0' },
    storage: { title: '存储质量', short: '存储', sentence: '阶段 1 存下的内容中值得存储的比例。', formula: 'N_good / max(1, N_stored)' },
    maintenance: { title: '维护', short: '维护', sentence: '智能体更新或删除过条目则为 1，不论改得对不对。', formula: '更新或删除过条目则为 1，否则为 0' },
    relevance: { title: '相关性', short: '相关性', sentence: '检索到的记忆中，答案真正需要的比例。', formula: 'N_relevant / max(1, N_retrieved)' },
    currency: { title: '时效', short: '时效', sentence: '答案给出的是现在成立的值（1）、已被取代的旧值（−1），还是都不是（0）。只用于问到发生过变化的事的问题；论文里没有这一项。', formula: '现值为 1，旧值为 −1，否则为 0' },
    tool_use: { title: '工具使用', short: '工具使用', sentence: '成功的工具调用所占的比例。只有公开的代码计入这一项。', formula: 'N_worked / max(1, N_calls)' },
  },
  unknown: {
    sentence: '论文中没有的一项奖励。',
    say: (value, numbers) => `${value}${numbers.length > 0 ? `：${numbers.join('，')}` : ''}。`,
  },

  compression: (used, limit, answered) => {
    const when = answered === null ? '最后一步时' : `作答时（${step(answered)}）`
    return `${when}，上下文占用 ${used} / ${limit} 个 token：${used >= limit ? '没有空余' : `空余 ${Math.round(100 * (1 - used / limit))} %`}。`
  },
  preventive: {
    overflow: (at) => (at === null ? '窗口始终没有溢出' : `窗口在${step(at)}溢出`),
    none: (over) => `没有过滤或总结掉任何内容；${over}。`,
    did: (tool, removed, at, inTime, over) => `${tool} 在${step(at)}移除了 ${removed} 条消息，${inTime ? '很及时' : '太迟了'}：${over}。`,
  },
  preservation: {
    nothing: '问题里没有可能丢失的人名、日期、数字或地点。',
    kept: (found, total) => `除问题本身之外，问题的 ${total} 个关键短语中有 ${found} 个最终在上下文里。`,
  },
  storage: {
    none: '阶段 1 什么也没存。',
    good: (good, stored) => `阶段 1 存下的 ${stored} 个条目中，有 ${good} 个说出了值得存储的事实。`,
    why: { 'states a fact': '说出了事实', 'states no fact': '没有说出事实', 'states only what was corrected': '只有后来被更正的内容' },
  },
  maintenance: {
    none: '没有更新或删除任何条目。',
    failed: (tries) => `尝试了 ${tries} 次更新或删除，都没有成功。`,
    worked: (worked, tries) => `${tries} 次更新或删除中成功了 ${worked} 次；一次就够了。`,
    call: (tool, memory, at, ok) => `${step(at)}：${tool}${memory === null ? '' : ` ${memory}`}${ok ? '' : '，失败'}`,
  },
  relevance: {
    none: '阶段 1 之后没有检索到记忆。',
    relevant: (relevant, retrieved) => `检索到的 ${retrieved} 条记忆中，有 ${relevant} 条是答案所需的事实。`,
  },
  currency: {
    present: '答案给出的是现在成立的值。',
    superseded: '答案给出的是已被取代的旧值。',
    neither: '答案给出的既不是现在成立的值，也不是旧值，或者两个都给了。',
    changed: (before, now) => `“${before}”变成了“${now}”`,
  },
  toolUse: {
    none: '没有调用工具。',
    worked: (ok, calls) => `${calls} 次工具调用中成功了 ${ok} 次。`,
  },
  task: {
    none: '没有给出答案，扣 1 分。',
    stopped: '还没来得及作答就被停止了。',
    exact: (answer) => `“${answer}”正是标准答案。`,
    value: (answer, against, only) => (only ? `“${answer}”与“${against}”是同一个值。` : `“${answer}”包含“${against}”，但也包含其他值。`),
    words: (answer, against) => `“${answer}”在一句话里说出了“${against}”。`,
    overlap: (answer, against, f1) => `“${answer}”与“${against}”有共同的词：token F1 为 ${f1}。`,
    wrong: (answer, against) => `“${answer}”不是“${against}”。`,
    unknown: (answer, against) => `“${answer}”表示不知道；标准答案是“${against}”。`,
    abstained: (answer) => `“${answer}”表示无从得知，这是对的：告诉过它的话里没有答案。`,
    yesNo: (answer, against, right) => (right ? `“${answer}”表示 ${against}，与标准答案一致。` : `“${answer}”没有表示 ${against}。`),
    judged: (by, answer, score) => `${by === null ? '评判者' : `${by} `}给“${answer}”打了 ${score} 分（满分 1）。`,
    withRule: (sentence, score) => `${sentence}按规则应得 ${score}。`,
  },
  penalty: {
    rounds: '阶段 3 的轮数内没有作答',
    context: '上下文超出上限',
    cost: (what, points) => `${what}（−${points}）`,
    none: '没有超出任何限制。',
    broken: (what) => `超出限制：${what.join('；')}。`,
    formula: '−1 ·〔轮数用完〕− 0.5 ·〔T_used > T_max〕',
  },
  quality: (stored, facts, good, entries) => `${facts} 个仍成立的事实中，记忆里有 ${stored} 个；${entries} 个条目中有 ${good} 个说出了这样的事实。`,

  presets: {
    paper: { name: '按论文', short: '任务、上下文、记忆各占 1/3', about: '任务、上下文、记忆各占 1/3（C.4）。' },
    'paper-unit': { name: '权重都为 1', short: '任务、上下文、记忆权重各为 1', about: '论文 §4.1 的权重：各为 1.0。' },
    'published-code': {
      name: '按公开的代码',
      short: '任务 0.5，工具使用 0.2，上下文和记忆各 0.15',
      about: '任务 0.5，工具使用 0.2，上下文 0.15，记忆 0.15，截断到 −1…1；失败的更新也算维护。',
    },
    'answer-only': { name: '只看答案', short: '只看答案', about: '只有答案计分：表 4 和表 5 的基线。' },
    supersede: { name: '看重现值', short: '答案及其时效', about: '答案计分；对发生过变化的事，给出现值再加 1 分，给出旧值扣 1 分（Supersede，arXiv 2606.27472）。' },
  },

  weights: {
    region: '奖励的权重',
    title: '权重',
    task: 'w_task，答案',
    context: 'w_context，上下文',
    memory: 'w_memory，记忆',
    currency: 'w_currency，时效',
    tool_use: 'w_tool，工具使用',
    alpha: 'α，上下文各项',
    beta: 'β，记忆各项',
    penalties: '惩罚',
    rounds: '轮数内没有作答',
    overLimit: '上下文超出上限',
  },
}
