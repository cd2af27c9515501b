export const sentence = {}
