import { integer } from '../../format.ts'
import type { Words } from '../en/index.ts'

export const sentence: Words['sentence'] = {
  region: '点“运行”会做什么',
  whole: '{policy} 来做{source}的{index}{difficulty}，{settings}，奖励{reward}',
  wholeOfOne: '{policy} 来做{source}{difficulty}，{settings}，奖励{reward}',
  end: '。',
  short: ({ policy, index, source, difficulty, window, reward }) =>
    [
      `${policy} 来做${source}${index === null ? '' : `的${index}`}${difficulty === null ? '' : `（${difficulty}）`}`,
      ...(window === null ? [] : [window]),
      ...(reward === null ? [] : [`奖励${reward}`]),
    ].join('，') + '。',
  difficultyBeside: (words) => `（${words}）`,
  part: (label, words) => `${label}：${words}`,

  policy: {
    label: '策略',
    own: '你自己的模型',
    webllm: 'WebLLM 模型',
    names: { own: '你自己的模型', webllm: 'WebLLM 模型' },
    about: {
      nano: '随页面附带的小语言模型，没有受过智能体训练：听到的内容会忘掉一半。训练会改变这一点。',
      own: 'Hugging Face 格式的 Llama 或 Qwen 模型，来自文件夹或网址。',
      webllm: '通过 WebLLM 在你的显卡上运行的大语言模型。在“模型”页选择并下载。',
      oracle: '知道哪些事实重要：只存这些，及时更正，过滤干扰信息。',
      'store-all': '来一条存一条，从不更正，从不过滤。',
      'store-none': '什么也不存，所以重置之后什么都不知道。',
      careless: '有时做对；做对的频率由你设定。',
    },
    nanoReady: (device, seconds) => `${device}，用时 ${seconds} 秒就绪。`,
    nanoFailed: (why) => `无法加载 nano。${why}`,
    scripted: '这是脚本，不是模型：它知道任务，但只能根据上下文里的内容作答。',
    careless: 'careless 做每件事的频率',
    habits: {
      add: '存储事实',
      add_small_talk: '存储闲聊',
      update: '更正已变的内容',
      delete: '删除已变的内容',
      retrieve: '作答前先检索',
      filter: '过滤干扰信息',
      summarise: '总结上下文',
      break_format: '弄错格式',
      wrong_id: '用错编号',
    },
  },

  ownModel: {
    region: '你自己的模型',
    address: '模型文件的网址',
    look: '查看',
    faults: {
      'no-address': '这不是网址。',
      credentials: '网址中不能带用户名和密码。',
      scheme: '网址必须以 https:// 开头（http:// 只能用于本机，例如 http://localhost/）。',
    },
    folder: '选择文件夹',
    aModel: '模型',
    reading: '正在读取配置…',
    ready: (parameters, device) => `已就绪。${parameters} M 参数。${device}`,
    needs: (parameters, needed, limit) => `：${parameters} M 参数，约需 ${needed}，这里可用 ${limit}。`,
    tooLarge: '放不下，请选小一些的模型。',
    load: '加载',
  },
  webllm: {
    region: 'WebLLM 模型',
    none: '还没有选择。',
    choose: '选择一个',
    chooseOther: '换一个',
    constrained: '只允许符合协议的回复',
  },

  source: {
    label: '任务来源',
    world: '虚构世界',
    scenario: '一个情景',
    titled: (title) => `“${title}”`,
    noFile: '文件（尚未加载）',
    again: '这个任务（再来一次）',
    choices: {
      world: { name: '虚构世界', about: '虚构的人物、地点和日期，谁也不可能事先记得。任务无穷无尽。' },
      scenario: { name: '情景', about: '按论文的案例手工编写。' },
      file: { name: '文件', about: '你自己的 HotpotQA 或 MuSiQue 问题。' },
      again: { name: '再做这个任务', about: '你打开的回合的任务，由你选择的策略来做。' },
    },
    scenarios: '情景',
    scenarioTexts: {
      'scenario-longer-sessions': { title: '更长的学习时间', about: '一位学习者先要求每次学习 60 分钟，后来改成 120 分钟：旧的记忆必须更新。' },
      'scenario-distracting-interests': { title: '分心的爱好', about: '提问之前，话题跑到了面包、望远镜和鲸鱼上：必须把噪声挡在外面。' },
      'scenario-study-plan': { title: '学习计划', about: '问题要求一份计划，只能由很早以前说过的四个偏好拼出来。' },
    },
    difficulty: '难度',
    kinds: '各类问题的相对频率',
    fields: {
      facts: '事实数',
      update_share: '其中一个被更正的概率',
      small_talk: '阶段 1 的闲聊',
      distractors: '阶段 2 的干扰信息',
      distractor_closeness: '误导性干扰信息的比例',
      one_hop: '一个事实',
      two_hop: '两个相连的事实',
      comparison: '比较',
      update: '被更正的事实',
    },
    amounts: (facts, distractors) => `${facts} 个事实，${distractors} 条干扰信息`,
  },

  file: {
    tasks: (n) => `：${integer(n)} 个任务`,
    skipped: (n) => `，跳过 ${integer(n)} 条记录`,
    whatSkipped: '跳过了哪些',
    record: (index, id, field, message) => `第 ${index + 1} 条记录${id === null ? '' : `（${id}）`}，${field}：${message}`,
    reading: (name) => `正在读取 ${name}`,
    choose: '选择文件',
    chooseOther: '换一个文件',
    kinds:
      'HotpotQA、2WikiMultihopQA 或 MuSiQue，格式为 JSON、JSON Lines 或 Parquet，也可以是 gzip 压缩的。文本超过 60 MB 时只读前面的记录。也可以把文件拖到页面任意位置。文件不会离开这台电脑。',
  },

  index: {
    label: '任务编号',
    field: '任务',
    of: (n, total) => `任务 ${integer(n)}${total === null ? '' : `（共 ${integer(total)} 个）`}`,
    previous: '上一个任务',
    next: '下一个任务',
    list: '文件中的任务',
    world: '随机种子决定世界；每个编号是其中的一个任务。',
  },

  settings: {
    label: '实验设置',
    usual: '默认',
    paper: '按论文',
    window: (tMax, takes) => `窗口 ${integer(tMax)} 个 token${takes === null ? '' : `（模型最多 ${integer(takes)}）`}`,
    paperLimits: (window) => `${window}，按论文的限制`,
    withTheta: (window, theta) => `${window}，θ ${theta}`,
    tMax: 'T_max，token 数',
    theta: 'θ，过滤阈值',
    topK: 'top_k',
    exchanges: '每轮回复数',
    exchangesName: '每轮回复数',
    nMax: 'N_max，轮数',
    rounds: {
      build: { label: '阶段 1，轮数', name: '阶段 1 的 N_max' },
      resist: { label: '阶段 2，轮数', name: '阶段 2 的 N_max' },
      answer: { label: '阶段 3，回复数', name: '阶段 3 的 N_max' },
    },
    prompt: '系统提示',
    prompts: {
      compact: { name: '简短', about: '用几句话说明协议。' },
      full: { name: '完整', about: '附上工具的 JSON schema，大模型需要它。' },
    },
    windowUnknown: '模型一次能读多少 token，加载之后才知道。',
    windowNote: (window, loaded, tooLong) => {
      const takes = loaded ? `模型加载时的窗口为 ${integer(window)} 个 token` : `显存足够时，模型的窗口为 ${integer(window)} 个 token`
      return tooLong ? `${takes}：更长的提示会使回合结束，请选小一些的 T_max。` : `${takes}。`
    },
  },

  similarity: {
    words: '词语',
    byWords: '词语',
    comparedBy: '比较方式',
    label: '文本的比较方式',
    otherWays: '其他方式',
    comparing: '正在比较…',
    failed: (why) => `无法计算相似度。${why}`,
    messages: (n) => `${integer(n)} 条消息`,
    probes: {
      criteria: (n) => `${integer(n)} 个过滤条件`,
      queries: (n) => `${integer(n)} 个检索查询（没有过滤过）`,
      question: () => '问题',
    },
    caption: '{what}，按{name}比较。达到 θ {theta} 的有：{distractors} 干扰信息 {taken} / {noise}，{others} 其他 {takenOthers} / {rest}。',
  },

  reward: {
    label: '奖励',
    note: '改变权重会立刻为下面的回合重新打分。',
    own: '按你自己的权重',
    ownName: '你自己的权重',
    ownAbout: '用奖励下方的滑块设定。',
  },

  run: {
    region: '运行',
    run: '运行',
    runTitle: '运行（R）',
    step: '单步',
    stepTitle: '一次一步',
    pause: '暂停',
    resume: '继续',
    stop: '停止',
    stopLoading: '停止加载',
    stopping: '正在停止…',
  },
}
