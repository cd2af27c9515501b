// 训练列表、导出与导入、训练进展。
import { integer } from '../../format.ts'
import type { Words } from '../en/index.ts'

const kept = (steps: number, planned: number) => `${integer(planned)} 步中已保留 ${integer(steps)} 步`

export const runs: Words['runs'] = {
  title: '训练',
  newRun: '新建训练',
  importRun: '导入训练',
  importHint: '本页面导出的训练压缩包，导入后可以查看。',
  unread: (why) => `读不出训练列表。${why}`,
  reading: '正在读取…',
  none: '每次训练都会逐步保存在本浏览器，列在这里。',
  status: { running: '已中断', paused: '已暂停', finished: '已完成', imported: '已导入' },
  training: '正在训练',
  trainingElsewhere: '正在另一个标签页训练',
  line: (status, steps, planned) => `${status}，${integer(steps)} / ${integer(planned)} 步`,
  nameOfRun: '训练名称',
  layOver: (name) => `在图表中对比“${name}”`,
  layOverHint: '叠加到当前训练的图表上。',
  takeOff: (name) => `从图表中移除“${name}”`,
  takeOffHint: '从图表中移除。',
  rename: '重命名',
  exportRun: '导出整次训练（zip）',
  exportTrajectories: '导出轨迹（JSONL）',
  exportMetrics: '导出指标（CSV）',
  exportFor: (framework) => `导出给 ${framework}（zip）`,
  remove: '删除',

  madeItsSteps: (name, steps) => `“${name}”已完成 ${steps} 步。`,
  paused: (name, why) => `“${name}”已暂停。${why}`,
  undo: '撤销',
  notUndone: (why) => `未能恢复。${why}`,
  removed: (name) => `“${name}”已删除，连同它的采样轨迹和检查点。`,
  checkpointRemoved: (name) => `“${name}”已删除。`,
  notRemoved: (why) => `未能删除。${why}`,
  deletedElsewhere: '它已被删除，可能是在另一个标签页。',
  notRenamed: (name, why) => `“${name}”未能重命名。${why}`,

  notExported: (name, why) => `“${name}”未能导出。${why}`,
  notExportedFor: (name, framework, why) => `“${name}”未能导出给 ${framework}。${why}`,
  packing: (name, step, of) => `正在打包“${name}”：第 ${step} 步，共 ${of} 步。`,
  packed: (name) => `“${name}”已打包。`,
  packedFor: (name, framework, adapter) => `“${name}”已为 ${framework} 打包${adapter === null ? '，没有保留适配器，因此不含适配器' : `，含适配器“${adapter}”`}。命令见其中的 README。`,
  setGone: (name) => `它的任务来自数据集“${name}”，这里已不再保留：请重新导入同一个文件。`,
  readingRun: (name, step, of) => `正在读取“${name}”：第 ${step} 步，共 ${of} 步。`,
  imported: (name, steps) => `“${name}”已导入，共 ${integer(steps)} 步。可以查看，但不能继续训练。`,
  notImported: (name, why) => `${name} 未能导入。${why}`,
  notRead: (name, why) => `${name ?? '文件'}未能读取。${why}`,

  modelNotLoaded: (model) => `这是 ${model} 的适配器，而该模型尚未加载；名称和形状都来自它。请先在“观看”中选择该模型。`,
  weightsGone: '它的权重已不在这里。',
  pauseFirst: '训练正在进行：请先暂停。',
  adapterHere: (name, rank, model, saved) => `“${name}”已导入：${model} 的 LoRA，秩 ${rank}。${saved ? '' : '它只在内存中，重新加载会丢失。'}`,

  stretches: (stretches) => stretches.map(([first, last]) => (first === last ? integer(first) : `${integer(first)} 至 ${integer(last)}`)).join('、'),
  stepsNamed: (stretches) => `第 ${stretches} 步`,
  rolloutsOf: (steps) => `${steps}的采样轨迹`,
  notKept: (parts) => `已不再保留：${parts.join('，以及')}。`,
  interrupted: {
    nothing: (planned) => `${integer(planned)} 步中一步也没有完成；“继续”会从头开始。`,
    goesOn: (steps, planned) => `${kept(steps, planned)}；“继续”从那里接着训练。`,
    fromStart: (steps, planned) => `${kept(steps, planned)}，但没有适配器；“继续”会从头重做，结果相同。`,
    again: (steps, planned, from) => `${kept(steps, planned)}；“继续”从第 ${integer(from)} 步之后的适配器开始，重做第 ${steps - from === 1 ? integer(steps) : `${integer(from + 1)} 至 ${integer(steps)}`} 步，结果相同。`,
  },
}
