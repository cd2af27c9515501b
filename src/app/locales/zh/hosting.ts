import type { Words } from '../en/index.ts'

export const hosting: Words['hosting'] = {
  newVersion: '有新版本可用。',
  loadedElsewhere: '另一个标签页已加载新版本。',
  load: '立即加载',
  afterTraining: '训练结束或停止后即可加载。',
  oneThread: '本页面目前以单线程运行。',
  whyOneThread:
    '托管服务器没有发送启用多线程所需的响应头（COOP 和 COEP），浏览器也不允许用 Service Worker 补上。所有功能都可用，只是 nano 的推理和训练会慢一些。',
  dismiss: '关闭',
}
