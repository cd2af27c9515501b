// Programs that show what was played and measured here, and what is asked of the lab for them. Apart from what writes their
// files (src/exchange), which the page does not load.

/** Forms of trajectories, by the names that people know them by. */
export const viewerTitles = { openai: 'OpenAI messages', atif: 'ATIF', 'trl-completions': 'TRL', 'verl-rollouts': 'verl', verifiers: 'verifiers' } as const
/** Forms of metrics. */
export const metricsTitles = { tensorboard: 'TensorBoard', trackio: 'trackio' } as const

export type ViewerForm = keyof typeof viewerTitles
export type MetricsForm = keyof typeof metricsTitles

/** Keys of a run, or of recorded episodes. */
export type ShownRequest = { form: ViewerForm; of: { run: string } | { episodes: string[] } } | { form: MetricsForm; of: { run: string } }
