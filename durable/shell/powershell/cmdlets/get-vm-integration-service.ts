import { wildcard } from '../../windows/regex/wildcard.ts'
import { cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'
import { tail, typed, vmsOf } from './hyper-v.ts'

const services = ['Guest Service Interface', 'Heartbeat', 'Key-Value Pair Exchange', 'Shutdown', 'Time Synchronization', 'VSS']

export const getVmIntegrationService = cmdlet(
  {
    name: 'Get-VMIntegrationService',
    module: 'Hyper-V',
    synopsis: 'Gets the integration services of a virtual machine.',
    supports: ['VMName', 'VM', 'Name'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const wanted = bound.texts('Name').map((name) => wildcard(name))
    for (const vm of vmsOf(call, bound, 'VMName')) {
      for (const name of services) {
        if (wanted.length > 0 && !wanted.some((matches) => matches(name))) continue
        const on = name !== 'Guest Service Interface'
        yield* call.emit(
          object(typed('VMIntegrationComponent'), {
            VMName: vm.name,
            Name: name,
            Enabled: on,
            PrimaryStatusDescription: vm.state === 'Running' ? 'OK' : '',
            SecondaryStatusDescription: '',
            OperationalStatus: vm.state === 'Running' ? ['Ok'] : null,
            VMId: vm.id,
            ...tail(call),
          }),
        )
      }
    }
  },
)
