export const watch = {
  keys: {
    step: 'one step back or forward',
    stage: 'previous or next stage',
    ends: 'first or last step',
    play: 'play or pause',
    run: 'run',
    tokens: 'tokens of the reply',
  },
}
