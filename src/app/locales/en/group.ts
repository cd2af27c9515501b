export const group = {}
