export const episode = {}
