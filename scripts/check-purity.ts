import { findImpurities, findTimers } from './checks/purity.ts'
import { isTest, readSources, report } from './checks/source-files.ts'
import { worldOf } from './checks/worlds.ts'

const faults: string[] = []
for (const [path, text] of readSources('.')) {
  if (isTest(path)) continue
  const world = worldOf(path)
  if (world === 'engine' || world === 'shell') faults.push(...findImpurities(path, text))
  else if (world === 'durable') faults.push(...findTimers(path, text))
}
report('purity', faults)
