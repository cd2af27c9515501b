import { integer } from '../../format.ts'
import type { Words } from '../en/index.ts'

export const actions: Words['actions'] = {
  run: '运行',
  step: '走一步',
  togglePlay: '播放或暂停',
  commands: '命令',
  search: '你想做什么？',
  none: '没有叫这个名字的命令。',
  goTo: (view) => `打开“${view}”`,
  cannotRun: {
    noFile: '没有任务文件。把 HotpotQA、MuSiQue、LoCoMo、LongMemEval 或 FactConsolidation 的文件拖到页面上，或者换一个任务来源。',
    noTask: '没有这个任务，换一个吧。',
    noCardModel: '还没有选择在显卡上运行的模型。在这里选一个，或者让 nano 来做。',
    noOwnModel: '还没有加载你自己的模型。点开句子里的策略选一个，或者让 nano 来做。',
  },
  card: {
    stopped: (id) => `已停止。显卡上没有模型；${id} 的文件还留在这个浏览器里。`,
    foreign: (id) => `${id} 是别人自己的模型，这个浏览器里没有。在“模型”里可以看到它会从哪里来；在你按“下载”之前，什么都不会下载。`,
    notHere: (id) => `这个浏览器里还没有 ${id}，请先下载。`,
    unknown: (id) => `这个浏览器不认识 ${id}。如果是你自己的模型，请用网址添加。`,
  },
  notOpened: (why) => `回合打不开。${why}`,
  imported: (episodes, file) => `已从 ${file} 导入 ${integer(episodes)} 个回合。`,
  notImported: (file, why) => `${file} 没有导入。${why}`,
  tasks: {
    failed: (why, kept) => (kept ? `${why} 之前加载的任务还在。` : why),
    read: (file, tasks, skipped) =>
      `${file}：读到 ${integer(tasks)} 个任务${skipped > 0 ? `，跳过 ${integer(skipped)} 条记录` : ''}。`,
    planning: '想用它训练，请在训练计划的任务里选择它。',
    skipped: (record, id, field, message) =>
      `第 ${record} 条记录${id === null ? '' : `（${id}）`}，${field}：${message}`,
    more: (records) => `还有 ${integer(records)} 条`,
  },
  room: {
    raise: (tMax) => `T_max ${integer(tMax)}`,
    onlyThose: (tasks) => `只保留放得下的 ${integer(tasks)} 个`,
  },
  embedder: {
    loading: (id) => `正在加载 ${id} 并测量它的 θ…`,
    ready: (id, theta) => `现在用 ${id} 比较文本；θ 从 ${theta} 开始，这个值最能把问题对应的事实和其他事实分开。`,
    failed: (why) => `文本仍按原来的方式比较。${why}`,
  },
  modelDeleted: (id, freed, custom) =>
    [
      freed === null ? `${id} 已从列表中移除。` : `${id} 已删除，腾出 ${freed}。`,
      custom ? '想再要它，请用网址添加。' : '按“下载”可以重新获取。',
    ].join(''),
  deleted: {
    done: '回合已删除。',
    undo: '撤销',
    notUndone: (why) => `没能恢复。${why}`,
    failed: (why) => `回合没能删除。${why}`,
  },
  storage: {
    back: (gone) =>
      ['已重新连接，内存里的内容都存好了。', ...(gone === 0 ? [] : [`被删除的数据库里的 ${integer(gone)} 个回合已经没有了。`])].join(''),
    failed: (why) => `仍然无法存储。${why}`,
  },
  workers: {
    restarted: '已重新启动。记录的回合都还在。',
    failed: (why) => `重新启动失败：${why} 请刷新页面。`,
  },
  judging: {
    kept: '评过分的采样轨迹作为单独的回合保存在“回合”里。它所属的训练仍保留训练时的奖励。',
    deleted: '评分期间这个回合被删除了，所以评分没有保留。',
    failed: (why) => `没有评分，分数和之前一样。${why}`,
    notTakenOut: (why) => `没能去掉评分。${why}`,
  },
  dataSets: (why) => `数据集列不出来。${why}`,
  misfit: {
    takes: (policy, tokens) => `${policy} 一次只能读 ${integer(tokens)} 个`,
    tMax: (tokens) => `T_max 是 ${integer(tokens)}`,
    text: ({ file, large, counted, tasks, least, most, why }) => {
      const of = counted < tasks ? `前 ${integer(counted)} 个任务` : `${integer(tasks)} 个任务`
      const tokens = least === most ? integer(least) : `${integer(least)} 到 ${integer(most)}`
      return `${file}：${of}中有 ${integer(large)} 个，光是告知和提问的内容就需要 ${tokens} 个 token，而 ${why}。`
    },
    holds: (tMax, all) => `T_max 设为 ${integer(tMax)} 就能${all ? '全部' : '多'}放下${all ? '' : '一些'}。`,
    fits: (tasks) => `现在就能放下的有 ${integer(tasks)} 个任务。`,
    other: '换一个策略也许一次能读更多：按规则的策略没有窗口限制，“模型”里也有更大的模型。',
  },
}
