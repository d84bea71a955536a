import { findLayerFaults } from './checks/layers.ts'
import { readSources, report } from './checks/source-files.ts'

report('layers', findLayerFaults(readSources('.')))
