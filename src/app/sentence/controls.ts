// What the parts of the sentence open. They come together, after the page stands.
import { late } from '../ui/late.tsx'

const load = () => import('./all-controls.ts')

export const Controls = {
  agent: late(async () => (await load()).AgentControl),
  policy: late(async () => (await load()).PolicyControl),
  index: late(async () => (await load()).IndexControl),
  source: late(async () => (await load()).SourceControl),
  settings: late(async () => (await load()).SettingsControl),
  reward: late(async () => (await load()).RewardControl),
  group: late(async () => (await load()).GroupControl),
}
