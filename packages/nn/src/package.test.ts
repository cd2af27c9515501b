// What the package says that it depends on is what the project tests it with.
import { expect, it } from 'vitest'
import project from '../../../package.json' with { type: 'json' }
import manifest from '../package.json' with { type: 'json' }

it('depends on the versions that it is tested with', () => {
  const versions = new Map<string, string>(Object.entries({ ...project.devDependencies, ...project.dependencies }))
  const asked = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
  expect(asked.filter(([name, version]) => versions.get(name) !== version)).toEqual([])
  expect(manifest.license).toBe(project.license)
})
