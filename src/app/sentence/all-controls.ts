// All that parts of the sentence open: one file over the wire.
export { AgentControl } from './agent-control.tsx'
export { PolicyControl } from './policy-control.tsx'
export { IndexControl } from './index-control.tsx'
export { SourceControl } from './source-control.tsx'
export { SettingsControl } from './settings-control.tsx'
export { RewardControl } from './reward-control.tsx'
export { GroupControl } from './group-control.tsx'
