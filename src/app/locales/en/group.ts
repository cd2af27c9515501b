export const group = {
  keys: {
    rollout: 'a rollout',
    step: 'previous or next training step',
    task: 'another task',
    tokens: 'tokens of the rollout',
    watch: 'open the rollout in Watch',
  },
}
