import { osName } from '../../windows/os-name.ts'
import { wildcard } from '../../windows/regex/wildcard.ts'
import { cmdlet } from '../cmdlet.ts'
import { object, type PsValue } from '../values/value.ts'
import { dateOf } from './windows.ts'

/** The properties that a lab's computer has something to say to; the real one has 180. */
export const getComputerInfo = cmdlet(
  {
    name: 'Get-ComputerInfo',
    module: 'Microsoft.PowerShell.Management',
    synopsis: 'Gets a consolidated object of system and operating system properties.',
    supports: ['Property'],
    signature: 'Property[]@0',
  },
  function* (call, bound) {
    const { kernel } = call
    const identity = kernel.identity()
    const { build, hostname, user, bootedAt, server } = identity
    const guest = kernel.windows?.serviceRuns('vmicheartbeat') === true
    const all: Record<string, PsValue> = {
      WindowsCurrentVersion: '6.3',
      WindowsEditionId: server ? 'ServerDatacenter' : 'Professional',
      WindowsInstallationType: server ? 'Server' : 'Client',
      WindowsProductName: osName(identity).replace('Microsoft ', ''),
      WindowsRegisteredOwner: user,
      WindowsSystemRoot: 'C:\\Windows',
      CsCaption: hostname,
      CsDNSHostName: hostname,
      CsDomain: 'WORKGROUP',
      CsHypervisorPresent: guest || kernel.hyperV !== undefined,
      CsManufacturer: guest ? 'Microsoft Corporation' : 'Switchroom',
      CsModel: guest ? 'Virtual Machine' : 'Lab Computer',
      CsName: hostname,
      CsNetworkAdapters: kernel
        .adapters()
        .filter(({ kind }) => kind !== 'loopback')
        .map(({ name }) => name),
      CsPartOfDomain: false,
      CsSystemType: 'x64-based PC',
      CsTotalPhysicalMemory: 17_179_869_184,
      CsUserName: `${hostname}\\${user}`,
      OsName: osName(identity),
      OsType: 'WINNT',
      OsVersion: `10.0.${build}`,
      OsBuildNumber: String(build),
      OsWindowsDirectory: 'C:\\Windows',
      OsSystemDirectory: 'C:\\Windows\\system32',
      OsLocalDateTime: dateOf(call, kernel.clock().now),
      OsLastBootUpTime: dateOf(call, bootedAt),
      OsUptime: { kind: 'span', micros: kernel.clock().now - bootedAt } as PsValue,
      OsArchitecture: '64-bit',
      OsRegisteredUser: user,
      HyperVisorPresent: guest || kernel.hyperV !== undefined,
      LogonServer: `\\\\${hostname}`,
    }
    const wanted = bound.texts('Property')
    const shown =
      wanted.length === 0
        ? Object.entries(all)
        : wanted.flatMap((pattern) => Object.entries(all).filter(([name]) => wildcard(pattern)(name)))
    yield* call.emit(object('Microsoft.PowerShell.Commands.ComputerInfo', Object.fromEntries(shown)))
  },
)
