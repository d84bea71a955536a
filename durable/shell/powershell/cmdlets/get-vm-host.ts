import { cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'
import { hyperV, tail, typed } from './hyper-v.ts'

const GIB = 1_073_741_824

export const getVmHost = cmdlet(
  { name: 'Get-VMHost', module: 'Hyper-V', synopsis: 'Gets a Hyper-V host.', supports: [], defaultSet: 'ComputerName' },
  function* (call) {
    const macs = hyperV(call)
      .adapters()
      .filter((one) => !one.managementOs && one.dynamicMac && one.mac !== '')
      .map((one) => one.mac)
    const pool = (macs[0] ?? '00155D000000').slice(0, 10)
    const name = call.kernel.identity().hostname.toUpperCase()
    const memory = 32 * GIB
    yield* call.emit(
      object(typed('VMHost'), {
        Name: name,
        LogicalProcessorCount: 8,
        MemoryCapacity: memory,
        MemoryCapacityMB: memory / 1_048_576,
        MacAddressMinimum: `${pool}00`,
        MacAddressMaximum: `${pool}FF`,
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
