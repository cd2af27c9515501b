// The terms of the reward, one file each: a new one is a file and a line here. Their order is that of terms.ts.
export { compression } from './compression.ts'
export { maintenance } from './maintenance.ts'
export { preservation } from './preservation.ts'
export { preventive } from './preventive.ts'
export { relevance } from './relevance.ts'
export { storage } from './storage.ts'
export { task } from './task.ts'
export { tool_use } from './tool-use.ts'
