import { readdirSync, readFileSync } from 'node:fs'
import { findImpurities, findTimers } from './checks/purity.ts'
import { isTest, readSources, report } from './checks/source-files.ts'
import { shellPackages, worldOf } from './checks/worlds.ts'

const faults: string[] = []
for (const [path, text] of readSources('.')) {
  if (isTest(path)) continue
  const world = worldOf(path)
  if (world === 'engine' || world === 'shell') faults.push(...findImpurities(path, text))
  else if (world === 'durable') faults.push(...findTimers(path, text))
}
for (const name of shellPackages) {
  const folder = `node_modules/${name}/dist`
  for (const file of readdirSync(folder))
    if (file.endsWith('.js')) faults.push(...findImpurities(`${folder}/${file}`, readFileSync(`${folder}/${file}`, 'utf8')))
}
report('purity', faults)
