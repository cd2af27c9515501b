export const checkpoints = {}
