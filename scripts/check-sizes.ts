import { findLongFiles } from './checks/sizes.ts'
import { readSources, report } from './checks/source-files.ts'

report('sizes', findLongFiles(readSources('.')))
