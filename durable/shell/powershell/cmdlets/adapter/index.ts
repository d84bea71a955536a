import type { Cmdlet } from '../../cmdlet.ts'
import { advancedPropertyCmdlets } from './advanced-property.ts'
import { adapterChangeCmdlets } from './change.ts'
import { featureCmdlets } from './feature-cmdlets.ts'
import { adapterInfoCmdlets } from './info.ts'

/** The NetAdapter module besides Get-NetAdapter and bindings. */
export const adapterCmdlets: readonly Cmdlet[] = [
  ...adapterChangeCmdlets,
  ...advancedPropertyCmdlets,
  ...adapterInfoCmdlets,
  ...featureCmdlets,
]
