import { formatMacBare, isGroupMac, type Mac, parseMac } from '../../../engine/wire/addresses.ts'
import { cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'
import { hyperV, refuse, tail, typed } from './hyper-v.ts'

const GIB = 1_073_741_824

export const getVmHost = cmdlet(
  { name: 'Get-VMHost', module: 'Hyper-V', synopsis: 'Gets a Hyper-V host.', supports: [], defaultSet: 'ComputerName' },
  function* (call) {
    const { first, last } = hyperV(call).macPool()
    const name = call.kernel.identity().hostname.toUpperCase()
    const memory = 32 * GIB
    yield* call.emit(
      object(typed('VMHost'), {
        Name: name,
        LogicalProcessorCount: 8,
        MemoryCapacity: memory,
        MemoryCapacityMB: memory / 1_048_576,
        MacAddressMinimum: formatMacBare(first),
        MacAddressMaximum: formatMacBare(last),
        MaximumStorageMigrations: 2,
        MaximumVirtualMachineMigrations: 2,
        VirtualMachineMigrationEnabled: false,
        NumaSpanningEnabled: true,
        EnableEnhancedSessionMode: true,
        VirtualHardDiskPath: 'C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks',
        VirtualMachinePath: 'C:\\ProgramData\\Microsoft\\Windows\\Hyper-V',
        FullyQualifiedDomainName: name,
        ...tail(call),
      }),
    )
  },
)

/** Twelve digits, with separators or without; no group address. */
function macOf(given: string): Mac | undefined {
  const mac = parseMac(/^[0-9a-f]{12}$/i.test(given) ? (given.match(/../g) ?? []).join('-') : given)
  return mac === undefined || isGroupMac(mac) ? undefined : mac
}

export const setVmHost = cmdlet(
  {
    name: 'Set-VMHost',
    module: 'Hyper-V',
    synopsis: 'Configures a Hyper-V host.',
    supports: ['MacAddressMinimum', 'MacAddressMaximum', 'Confirm'],
    defaultSet: 'ComputerName',
  },
  (call, bound) => {
    const now = hyperV(call).macPool()
    const [low, high] = [bound.text('MacAddressMinimum'), bound.text('MacAddressMaximum')]
    const first = low === undefined ? now.first : macOf(low)
    const last = high === undefined ? now.last : macOf(high)
    if (first === undefined || last === undefined || last < first) {
      const wrong = first === undefined ? low : (high ?? low)
      return call.error(refuse('The specified MAC address range is not valid.', `${wrong}:String`))
    }
    hyperV(call).setMacPool({ first, last })
  },
)
