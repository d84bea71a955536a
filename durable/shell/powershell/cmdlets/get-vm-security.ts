import { cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'
import { tail, typed, vmsOf } from './hyper-v.ts'

export const getVmSecurity = cmdlet(
  {
    name: 'Get-VMSecurity',
    module: 'Hyper-V',
    synopsis: 'Gets security information about a virtual machine.',
    supports: ['VMName', 'VM'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    for (const vm of vmsOf(call, bound, 'VMName')) {
      yield* call.emit(
        object(typed('VMSecurity'), {
          TpmEnabled: vm.tpm,
          KsdEnabled: false,
          Shielded: false,
          EncryptStateAndVmMigrationTraffic: false,
          VirtualizationBasedSecurityOptOut: false,
          BindToHostTpm: false,
          ...tail(call),
        }),
      )
    }
  },
)
