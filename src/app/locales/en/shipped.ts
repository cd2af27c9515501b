// The run that comes with the page.
const list = (steps: readonly number[]) => `${steps.slice(0, -1).join(', ')} and ${String(steps.at(-1))}`

export const shipped = {
  label: 'came with this page',
  title: (name: string) => `This run came with the page: ${name}.`,
  what: (steps: number, rollouts: readonly number[], adapters: readonly number[]) =>
    `It has the numbers of all ${steps} steps, the rollouts of steps ${list(rollouts)}, and the adapters after ${list(adapters)}.`,
  trainYours: 'Train your own',
  watchTrained: 'Watch the trained model',
  hide: 'Hide',
  hidden: 'The run that came with the page is hidden.',
  showAgain: 'Show the run that came with the page',
  /** Over what it shows where nothing of one's own is to be seen yet. */
  looksLike: 'What a finished run looks like',
}
