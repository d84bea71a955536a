import { cmdlet } from '../cmdlet.ts'
import { select } from './cim.ts'

/** The Default Switch's translation is not WinNAT's, so there is nothing to list. */
export const getNetNat = cmdlet(
  { name: 'Get-NetNat', module: 'NetNat', synopsis: 'Gets NAT objects.', supports: ['Name'] },
  (call, bound) => select(call, bound, 'MSFT_NetNat', [], { Name: 'Name' }, 'key'),
)
