// The views of the page, in the order of the header. A view is a folder and its line here.
import type { View } from '../state/ui.ts'
import type { ViewModule } from '../view.ts'
import { checkpoints } from './checkpoints/view.ts'
import { compare } from './compare/view.ts'
import { episodes } from './episodes/view.ts'
import { experiments } from './experiments/view.ts'
import { group } from './group/view.ts'
import { models } from './models/view.ts'
import { train } from './train/view.ts'
import { watch } from './watch/view.ts'

export const views: Readonly<Record<View, ViewModule>> = { watch, train, group, compare, experiments, models, checkpoints, episodes }
