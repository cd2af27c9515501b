import { integer } from '../../format.ts'
import type { Words } from '../en/index.ts'

const units = { s: '秒', min: '分钟', h: '小时' }

export const ui: Words['ui'] = {
  close: '关闭',
  moreFor: (of) => `“${of}”的更多操作`,
  tryAgain: '重试',

  amount: (amount, unit) => `${amount} ${units[unit]}`,
  about: (amount, unit) => `约 ${amount} ${units[unit]}`,

  load: {
    starting: '正在启动',
    configuration: '正在读取配置',
    reading: (file) => `正在读取 ${file}`,
    'weights-read': '权重已读完',
    programs: '正在构建计算图',
    'further-workers': '正在载入更多工作线程',
    ready: '就绪',
    fetching: '正在下载权重',
    'fetching-embedder': '正在下载嵌入模型',
    'onto-card': '正在载入显卡',
    shaders: '正在为显卡编译程序',
    'smaller-window': '显存装不下完整的窗口：改用小一些的窗口',
  },

  webllm: {
    weights: {
      whole: (bits) => `全精度，${bits} 位`,
      quantised: (bits, calculated) => `${bits} 位，以 ${calculated} 位计算`,
      window1k: '窗口 1,024',
      join: (parts) => parts.join('，'),
    },
    softwareAdapter: '软件适配器',
    unnamedCard: '一块浏览器没有说明型号的显卡',
    noGpu: {
      insecure: { what: '浏览器不向普通 http 网页提供 WebGPU。', todo: '请通过 https、127.0.0.1 或 localhost 打开本页。' },
      'no-api': { what: '这个浏览器不支持 WebGPU，或没有开启。', todo: '开启方法见下文；也可以换用更新的浏览器。' },
      'no-adapter': {
        what: '浏览器支持 WebGPU，但没有找到可用的显卡。',
        todo: '常见原因是驱动过旧或被浏览器列入黑名单：请更新驱动，查看 chrome://gpu 或 about:support，或按下文开启 WebGPU。',
      },
      'no-device': { what: '有显卡，但无法打开。', todo: '请关闭其他占用显卡的标签页，或重启浏览器。' },
    },
    enable: {
      Chrome:
        'Windows、macOS 和 ChromeOS 需要 113 或更新版本，Android 需要 121。在“设置 → 系统”中打开“使用图形加速功能（如果可用）”。在 Linux 上打开 chrome://flags，启用 “Unsafe WebGPU Support” 和 “Vulkan”，然后重启。',
      Edge: '与 Chrome 相同：“设置 → 系统和性能”中打开“使用图形加速（如果可用）”；实验选项在 edge://flags。',
      Safari: '26 版已支持。更早的版本：“设置 → 高级”中打开“显示网页开发者功能”，再在“功能标志”中打开 WebGPU。',
      Firefox:
        'Windows 需要 141 版，搭载 Apple 芯片的 Mac 需要 145 版。其他系统打开 about:config，把 dom.webgpu.enabled 设为 true；Linux 上可用 Nightly 版。',
    },
    problems: {
      noWebGpu: (why) => ({ what: `这里没有 WebGPU。${why.what}`, todo: `${why.todo}nano 不需要它，可以照常使用。` }),
      noF16: (twin) => ({
        what: '这个模型用 16 位计算，而这块显卡不支持（shader-f16）。',
        todo: twin === null ? '请选择用 32 位计算的模型。' : `${twin} 是同一个模型的 32 位版本。`,
      }),
      deviceLost: { what: '浏览器失去了显卡：驱动被重置、电脑休眠，或模型太大。', todo: '请重试。如果马上又出现，请选小一些的模型。' },
      outOfMemory: { what: '显存放不下这个模型。', todo: '请关闭其他占用显卡的程序，或选择更小或位数更少的模型。' },
      quota: (left) => ({
        what: `浏览器不再给本页更多存储空间${left === null ? '' : `：还剩 ${left}`}。`,
        todo: '请删除不用的模型，或腾出磁盘空间，然后继续。已下载的部分会保留。',
      }),
      network: (status, host) => ({
        what: `${status === null ? '无法连接主机，或连接中断' : `主机返回了 ${status}`}${host === null ? '' : `（${host}）`}。`,
        todo: '已下载的部分会保留。请重试：会从中断处继续。',
      }),
      libraryVersion: { what: '模型的编译库是为另一个版本的 WebLLM 制作的。', todo: '请使用为本页版本编译的库，或换一个模型。' },
      integrity: (host) => ({
        what: `有个文件不对${host === null ? '' : `（来自 ${host}）`}：可能在传输中损坏，也可能在主机上被改过。`,
        todo: '请删除已下载的内容并重新下载。如果仍然如此，不要信任这个来源。',
      }),
      contextWindow: (window) => ({ what: `提示超过了模型能读的 ${integer(window)} 个 token。`, todo: '请在句子里选小一些的 T_max。' }),
      unknownModel: (model) => ({ what: `无法使用“${model}”。`, todo: '请检查网址是否为模型文件所在的文件夹（含有 config.json，WebLLM 模型则含有 mlc-chat-config.json），或从列表中选择。' }),
      internals: { what: '这个版本的 WebLLM 不是本页所适配的版本。', todo: '请重新加载页面；如果仍然出现，就是本页的问题。' },
      layout: { what: '这个模型不能训练：它的权重布局不是本页所认识的。', todo: '请训练另一个模型；这个模型仍可用来推理。' },
      quantised: (whole) => ({
        what: '这个模型不能训练：它的权重量化到了几个比特，训练带来的微小变化会被舍入掉。',
        todo: whole === null ? '请选择名称中含有 q0f16 或 q0f32 的模型来训练。' : `请使用 ${whole.id}：同一个模型的未量化版本${whole.size === null ? '' : `，需下载 ${whole.size}`}。`,
      }),
      deviceLimit: (limit) => ({ what: `这块显卡的限制（${limit}）小于训练所需。`, todo: '请训练小一些的模型，或改用在 CPU 上运行的引擎里的模型。' }),
      tornWeights: { what: '显卡上的模型权重不属于任何检查点：向其中写入适配器时没有完成。', todo: '请重新加载模型。训练结果保留到最近一个检查点。' },
      grammar: { what: '这个模型不接受约束回复的语法。', todo: '让它自由回复：解析器会尽量读懂。' },
      elsewhere: { what: '另一个标签页正在下载或读取这些文件。', todo: '请等它完成或把它关闭，然后重试。' },
      noFiles: { what: '这个浏览器不为本页保存文件，例如在隐私窗口中。', todo: '请在普通窗口中打开本页，或改为选择磁盘上的文件夹。' },
      aborted: { what: '已停止。', todo: '' },
      other: { what: '出现了本页不认识的错误。', todo: '请重试；下面的信息说得更具体。' },
    },
    offers: { retry: '重试', twin: '改用 32 位版本', delete: '查看它的文件', unconstrained: '让它自由回复' },
    others: '其他模型',
    nano: '让 nano 来',
  },
}
