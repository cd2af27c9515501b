// How each term of the reward speaks of an episode, one file each.
export { compression } from './compression.ts'
export { maintenance } from './maintenance.ts'
export { preservation } from './preservation.ts'
export { preventive } from './preventive.ts'
export { relevance } from './relevance.ts'
export { storage } from './storage.ts'
export { task } from './task.ts'
export { tool_use } from './tool-use.ts'
