// What every cmdlet must do, whatever it is.
import { describe, expect, it } from 'vitest'
import { fakeConsole } from '../windows/fake-console.ts'
import { commonParameters, commonSupported, type Parameter } from './binding/signature.ts'
import { supported } from './cmdlet.ts'
import { cmdlets, signatureOf } from './cmdlets/index.ts'
import { documented } from './signatures/index.ts'

const refusal = (name: string, parameter: string): string =>
  `${name} -${parameter}: this parameter is real, but it is not simulated here yet.\n`

/** What nobody should ever read. */
const slips = /undefined|\[object |NaN|Switchroom|not a function/

/** A value that a parameter of this type takes. */
function sample(parameter: Parameter, noun: string): string {
  if (parameter.flag) return ''
  if (parameter.accepted.length > 0) return parameter.accepted[0]
  switch (parameter.type) {
    case 'String':
    case 'Object':
    case 'PSObject':
      return 'vm1'
    case 'Boolean':
      return '$true'
    case 'ScriptBlock':
      return '{ $true }'
    case 'Guid':
      return '11111111-1111-4111-8111-111111111111'
    case 'VirtualMachine':
      return '(Get-VM vm1)'
    case 'VMCompatibilityReport':
      return "(Compare-VM 'C:\\a.vmcx')"
    case 'VMSwitch':
      return '(Get-VMSwitch)'
    case 'VMNetworkAdapterBase':
    case 'VMNetworkAdapter':
      return '(Get-VMNetworkAdapter -VMName vm1)'
    case 'VMSnapshot':
      return '(Get-VMSnapshot vm1)'
    case 'VMIntegrationComponent':
      return '(Get-VMIntegrationService vm1)'
    case 'VMNetworkAdapterAclSetting':
      return '(Get-VMNetworkAdapterAcl)'
    case 'VMNetworkAdapterExtendedAclSetting':
      return '(Get-VMNetworkAdapterExtendedAcl)'
    case 'VMProcessor':
    case 'VMMemory':
    case 'VMFirmware':
      return `(Get-${parameter.type} vm1)`
    case 'VMComponentObject':
    case 'HardDiskDrive':
      return '(Get-VMHardDiskDrive vm1)'
    case 'VMSwitchExtension':
      return "(Get-VMSwitch | Get-VMSwitchExtension -Name 'Microsoft NDIS Capture')"
    case 'DvdDrive':
      return '(Get-VMDvdDrive vm1)'
    case 'ServiceController':
      return '(Get-Service vmms)'
    case 'Process':
      return '(Get-Process vmms)'
    case 'IPAddress':
      return '192.168.3.1'
    case 'CimSession':
      return 'localhost'
    case 'CimInstance':
      return (
        objects[parameter.name === 'InputObject' ? noun : parameter.name.replace('Associated', '')] ??
        '([pscustomobject]@{ Name = 1 })'
      )
    default:
      return '1'
  }
}

const objects: Readonly<Record<string, string>> = {
  NetConnectionProfile: '(Get-NetConnectionProfile)',
  NetAdapter: '(Get-NetAdapter -Name Ethernet)',
  NetFirewallRule: '(Get-NetFirewallRule -Name ICS-DHCP)',
  NetFirewallAddressFilter: '((Get-NetFirewallAddressFilter)[0])',
  NetFirewallApplicationFilter: '((Get-NetFirewallApplicationFilter)[0])',
  NetFirewallInterfaceFilter: '((Get-NetFirewallInterfaceFilter)[0])',
  NetFirewallInterfaceTypeFilter: '((Get-NetFirewallInterfaceTypeFilter)[0])',
  NetFirewallPortFilter: '((Get-NetFirewallPortFilter)[0])',
  NetFirewallSecurityFilter: '((Get-NetFirewallSecurityFilter)[0])',
  NetFirewallServiceFilter: '((Get-NetFirewallServiceFilter)[0])',
  NetFirewallProfile: '((Get-NetFirewallProfile)[0])',
  NetAdapterAdvancedProperty: '((Get-NetAdapterAdvancedProperty)[0])',
  NetFirewallSetting: '(Get-NetFirewallSetting)',
  NetIPAddress: '(Get-NetIPAddress -IPAddress 192.168.3.50)',
  NetIPInterface: '(Get-NetIPInterface -InterfaceAlias Ethernet -AddressFamily IPv4)',
  NetNeighbor: '(Get-NetNeighbor -IPAddress 192.168.3.1)',
  NetAdapterBinding: '(Get-NetAdapterBinding Ethernet -ComponentID vms_pp)',
  NetNat: '(New-NetNat n -InternalIPInterfaceAddressPrefix 10.9.0.0/24)',
  DnsClient: '((Get-DnsClient)[0])',
  DnsClientGlobalSetting: '(Get-DnsClientGlobalSetting)',
  NetNatExternalAddress: '(Get-NetNatExternalAddress)',
  NetNatStaticMapping:
    '(Add-NetNatStaticMapping n -Protocol TCP -ExternalIPAddress 0.0.0.0 -ExternalPort 80 -InternalIPAddress 10.9.0.2)',
  NetRoute: '(Get-NetRoute -DestinationPrefix 0.0.0.0/0)',
}

/** What a pipeline may bring; the mark is where the cmdlet comes. */
const feeds = ["'vm1' |>", 'Get-VM vm1 |>', 'Get-NetAdapter -Name Ethernet |>', '[pscustomobject]@{ Name = 1 } |>']

/** As `sample`, but something that a cmdlet would look past the first moment at. */
function fitting(one: Parameter, noun: string): string {
  if (one.accepted.length > 0 || one.type !== 'String') return sample(one, noun)
  if (/Prefix$/.test(one.name)) return '10.9.0.0/24'
  if (/MacAddress/.test(one.name)) return '00155D000001'
  if (/Address|NextHop/.test(one.name)) return '10.9.0.1'
  if (/^(SwitchName|VMSwitchName)$/.test(one.name) || (one.name === 'Name' && noun === 'VMSwitch')) return "'Default Switch'"
  if (/^(InterfaceAlias|NetAdapterName)$/.test(one.name) || (one.name === 'Name' && noun === 'NetAdapter')) return 'Ethernet'
  return sample(one, noun)
}

/** What such a parameter asks for is so in this lab without it, or there is nothing here that it could change. */
const IDLE: Readonly<Record<string, string>> = {
  All: 'without it all are shown, too',
  Force: 'nothing here is read-only or hidden',
  Encoding: 'files are text',
  IncludeHidden: 'no adapter is hidden',
  TracePolicyStore: 'rules say where they are from without it',
  UseBasicParsing: 'pages are never parsed',
  PolicyStore: 'there is one store',
  IncludeAllCompartments: 'there is one compartment',
  AllCompartments: 'there is one compartment',
  ThrottleLimit: 'one computer is asked',
}
const IDLE_OF: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Get-Help': { Full: 'help is shown whole', Detailed: 'help is shown whole', Examples: 'help is shown whole' },
  'Get-DnsClientNrptPolicy': { Effective: 'without a policy of a company, what is entered holds' },
  'Get-Module': { ListAvailable: 'all that there are, are loaded', All: 'none is nested' },
  'Split-Path': { Parent: 'so it is without another word' },
  'Copy-VMFile': { CreateFullPath: 'folders come with the files in them', FileSource: 'only Host is taken' },
  'New-VHD': { Differencing: 'the parent says it', Dynamic: 'so it is without another word' },
  'New-VM': { NoVHD: 'so it is without a path' },
  'Compare-VM': { Register: 'so it is without -Copy' },
  'Import-VM': { Register: 'so it is without -Copy' },
  'Test-VMNetworkAdapter': { Sender: 'so it is without -Receiver' },
  'Write-Host': { ForegroundColor: 'text has no colours here', BackgroundColor: 'text has no colours here' },
  'Out-Null': { InputObject: 'it is thrown away' },
  'Write-Progress': Object.fromEntries(
    'Activity Status Id PercentComplete SecondsRemaining CurrentOperation ParentId Completed SourceId'
      .split(' ')
      .map((one) => [one, 'nothing of a bar stays in the text']),
  ),
  'New-NetIPAddress': { AddressFamily: 'the address says it', Type: 'only Unicast is taken' },
  'New-NetNeighbor': { AddressFamily: 'the address says it' },
  'Stop-Service': { NoWait: 'a service here has stopped when it is told to' },
  'Resolve-DnsName': { QuickTimeout: 'servers here answer at once or not at all' },
  'Test-NetConnection': { Hops: 'only with -TraceRoute' },
}

/** Read where the imaginary computer of these tests never comes: entries, tables and answers that it does not have. Looked at by eye. */
const BEYOND: Readonly<Record<string, readonly string[]>> = {
  // There is no guest that answers.
  'Enter-PSSession': ['Session', 'Id', 'Name', 'Credential'],
  'Invoke-Command': ['Credential', 'Session', 'NoNewScope'],
  // Nobody has a team.
  'Add-VMSwitchTeamMember': ['Passthru'],
  'Remove-VMSwitchTeamMember': ['Passthru'],
  'Set-VMNetworkAdapterTeamMapping': ['Passthru'],
  'Remove-VMNetworkAdapterTeamMapping': ['Passthru'],
  'Test-VMNetworkAdapter': ['PayloadSize', 'SequenceNumber', 'SenderIPAddress', 'ReceiverIPAddress'],
  // There are no folders and few files.
  'Copy-Item': ['Recurse', 'PassThru'],
  'Move-Item': ['PassThru'],
  'Remove-Item': ['Recurse'],
  'Rename-Item': ['NewName', 'PassThru'],
  'New-PSSession': ['Name', 'Credential'],
  'Resume-Service': ['PassThru'],
  'Suspend-Service': ['PassThru'],
  'Remove-VMNetworkAdapterAcl': ['Passthru'],
  'Remove-VMNetworkAdapterExtendedAcl': ['Direction', 'Weight'],
  'Rename-VMSwitch': ['Passthru'],
  'Set-VMSwitch': ['Passthru'],
  'Set-NetAdapterBinding': ['AllBindings', 'ComponentID', 'DisplayName', 'PassThru'],
  'Set-NetConnectionProfile': ['InputObject'],
  'Invoke-RestMethod': ['Headers', 'MaximumRedirection', 'PassThru'],
  'Invoke-WebRequest': ['Headers', 'MaximumRedirection', 'PassThru'],
}

const ETC = 'C:\\Windows\\System32\\drivers\\etc'
const ACL = '-RemoteIPAddress ANY -Direction Both -Action Deny'
/** Whole lines for what the made ones do not reach. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  VMNetworkAdapterAcl: ['Add', 'Remove'].flatMap((verb) => [
    `${verb}-VMNetworkAdapterAcl -VMName vm1 -VMNetworkAdapterName 'Network Adapter' ${ACL} -Passthru`,
    `${verb}-VMNetworkAdapterAcl -ManagementOS ${ACL}`,
    `Get-VMNetworkAdapter vm1 | ${verb}-VMNetworkAdapterAcl ${ACL}`,
  ]),
  'Get-ChildItem': [`Get-ChildItem ${ETC} -File -Directory`, `Get-ChildItem ${ETC} -Include h* -Exclude b`],
  'New-Item': ['New-Item C:\\a.txt -Value a'],
  'Get-Content': ['-TotalCount 1', '-Tail 1', '-Raw'].map((one) => `Get-Content ${ETC}\\hosts.ics ${one}`),
  'Get-History': ['Get-History -Id 1'],
  'Get-Variable': ['$x = 1; Get-Variable x -ValueOnly'],
  'New-Object': [
    'New-Object PSObject -Property @{ a = 1 }',
    "New-Object PSCredential('a', (ConvertTo-SecureString b -AsPlainText -Force))",
  ],
  'ConvertTo-SecureString': ['ConvertTo-SecureString b -AsPlainText -Force'],
  'Get-EventLog': ['Get-EventLog System -Newest 1 -InstanceId 7036 -EntryType Information -Source Service* -Message *'],
  'Invoke-Command': ['Invoke-Command -VMName vm1 { 1 }', 'Invoke-Command -VMId 1 { 1 }', 'Invoke-Command { 1 } -ArgumentList 1'],
  'New-ItemProperty': ['New-ItemProperty HKLM:\\SYSTEM -Name a -PropertyType DWord -Value 1'],
  'Set-ItemProperty': ['Set-ItemProperty HKLM:\\SYSTEM -Name Value -Value 2 -Type DWord -PassThru'],
  'Get-CimInstance': [
    "Get-CimInstance Win32_Service -Filter 'ProcessId > 0' -Property Name -Namespace root/cimv2",
    "Get-CimInstance -Query 'SELECT * FROM Win32_Service'",
  ],
  'Get-WmiObject': [
    "Get-WmiObject Win32_Service -Filter 'ProcessId > 0' -Property Name -Namespace root/cimv2",
    "Get-WmiObject -Query 'SELECT * FROM Win32_Service'",
  ],
  'Invoke-CimMethod': [
    "Get-CimInstance Win32_Service -Filter 'Name = ''vmms''' | Invoke-CimMethod -MethodName StopService -Arguments @{ a = 1 }",
  ],
  'New-NetFirewallDynamicKeywordAddress': ['-AutoResolve $true', '-Addresses 10.0.0.1'].map(
    (one) => `New-NetFirewallDynamicKeywordAddress -Id 11111111-1111-4111-8111-111111111112 -Keyword x ${one}`,
  ),
  DnsClientNrptRule: ['Add-DnsClientNrptRule', "Set-DnsClientNrptRule '{1}'"].map(
    (one) => `${one} -Namespace .a.example -DAIPsecEncryptionType Low -DAProxyType NoProxy -DnsSecIPsecEncryptionType Low`,
  ),
  DnsClientDohServerAddress: ['Add 192.0.2.1', 'Set 8.8.8.8'].map((one) => {
    const [verb, address] = one.split(' ')
    return `${verb}-DnsClientDohServerAddress ${address} -DohTemplate https://a.example/q -AllowFallbackToUdp $true -AutoUpgrade $true`
  }),
  'New-NetAdapterAdvancedProperty': [
    'New-NetAdapterAdvancedProperty Ethernet -RegistryKeyword x -RegistryValue 1 -RegistryDataType REG_DWORD -NoRestart',
  ],
  'Out-File': ['1 | Out-File a.txt -NoNewline'],
  'Set-Location': ['Set-Location C:\\ -PassThru'],
  'Select-String': ["'a' | Select-String a -AllMatches"],
  'Sort-Object': ['2,1 | Sort-Object -Descending'],
  'Where-Object': ['1 | Where-Object Length -eq -Value 1'],
  'ForEach-Object': ["'a' | ForEach-Object -MemberName ToUpper -ArgumentList 1"],
  'Import-Csv': ["'a;b','1;2' | Set-Content x.csv; Import-Csv x.csv -Delimiter ';' -Header p,q"],
  'Add-Member': [
    '$x = [pscustomobject]@{ a = 1 }; $x | Add-Member -NotePropertyName b -NotePropertyValue 2 -PassThru',
    '$x = [pscustomobject]@{ a = 1 }; $x | Add-Member -MemberType NoteProperty -Name b -Value 2',
  ],
  'Compare-Object': ['Compare-Object 1,2 2,3 -PassThru'],
  'Read-Host': ['Read-Host -AsSecureString'],
  'Write-Information': ['Write-Information a -InformationAction Continue'],
  'New-VMSwitch': ['New-VMSwitch x -NetAdapterName Ethernet', "New-VMSwitch x -NetAdapterInterfaceDescription 'Intel*'"],
  'New-VM': [
    'New-VM x -VHDPath C:\\Images\\ubuntu-24.04.vhdx -Generation 2 -Version 9.0 -SwitchName "Default Switch"',
    'New-VM x -NewVHDPath C:\\VMs\\x.vhdx -NewVHDSizeBytes 1GB -NoVHD:$false',
  ],
  'New-VHD': [
    'New-VHD C:\\VMs\\x.vhdx -SizeBytes 1GB -Fixed',
    'New-VHD C:\\VMs\\x.vhdx -ParentPath C:\\Images\\ubuntu-24.04.vhdx -Differencing',
  ],
  'Copy-VMFile': ['Copy-VMFile vm1 -SourcePath C:\\a.txt -DestinationPath C:\\ -FileSource Host -CreateFullPath -Force'],
  VMTPM: ['Enable', 'Disable'].map((verb) => `${verb}-VMTPM spare -Passthru`),
  VMDvdDrive: [
    'Get-VMDvdDrive vm1 -ControllerNumber 0 -ControllerLocation 1',
    'Set-VMDvdDrive -VMName vm1 -ControllerNumber 0 -ControllerLocation 1 -Path C:\\a.iso -Passthru',
    'Remove-VMDvdDrive -VMName vm1 -ControllerNumber 0 -ControllerLocation 1 -Passthru',
  ],
  VMHardDiskDrive: [
    'Remove-VMHardDiskDrive -VMName vm1 -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 0 -Passthru',
  ],
  VMNetworkAdapter: ['Add-VMNetworkAdapter vm1 -StaticMacAddress 00155D000001 -DeviceNaming On -Passthru'],
  VMSwitch: ["Set-VMSwitch 'Lab' -Notes x -Passthru", "Rename-VMSwitch 'Lab' -NewName y -Passthru"],
  'Remove-VMNetworkAdapterExtendedAcl': ['Remove-VMNetworkAdapterExtendedAcl -VMName vm1 -Weight 1 -Direction Inbound'],
  'Set-VMNetworkAdapterVlan': [
    "-VMName vm1 -VMNetworkAdapterName 'Network Adapter' -Access -VlanId 5 -Passthru",
    '-ManagementOS -Trunk -AllowedVlanIdList 1-5 -NativeVlanId 0',
    '-VMName vm1 -Isolated -PrimaryVlanId 10 -SecondaryVlanId 200',
    '-VMNetworkAdapter (Get-VMNetworkAdapter vm1) -Promiscuous -PrimaryVlanId 10 -SecondaryVlanIdList 200-202',
  ].map((one) => `Set-VMNetworkAdapterVlan ${one}`),
}

it('each is in the list once', () => {
  const names = cmdlets.map(({ name }) => name.toLowerCase())
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

const changes = (calls: readonly string[]): string[] => calls.filter((call) => !call.startsWith('spawn'))

describe.each(cmdlets.map((one) => [one.name, one] as const))('%s', (name, cmdlet) => {
  const signature = signatureOf(cmdlet)
  const own = signature.parameters
  const noun = name.slice(name.indexOf('-') + 1)

  it('is named, placed and described', () => {
    expect(name).toMatch(/^[A-Z][A-Za-z]+-[A-Z][A-Za-z]+(\d[A-Z][A-Za-z]+)?$/)
    expect(cmdlet.module).not.toBe('')
    expect(cmdlet.synopsis).toMatch(/\.$/)
    expect(fakeConsole().type(`Get-Help ${name}`)).toContain(`    ${name}\n`)
    const known = documented.get(name.toLowerCase())
    if (known !== undefined) expect({ module: cmdlet.module, signature: cmdlet.signature }).toEqual({ module: known.module })
  })

  it('knows every parameter that it acts on', () => {
    const names = own.map((one) => one.name)
    if (cmdlet.supports !== 'all') for (const one of cmdlet.supports) expect(names).toContain(one)
    expect(new Set(names.map((one) => one.toLowerCase())).size).toBe(names.length)
  })

  it('runs alone, or says what is missing', () => {
    const said = fakeConsole().type(name)
    expect(said).not.toMatch(slips)
    const sets = signature.sets.length === 0 ? [undefined] : signature.sets.map((_, i) => i)
    const possible = sets.some((set) =>
      own.every((one) => !one.mandatory || (one.sets !== undefined && set !== undefined && !one.sets.includes(set))),
    )
    const missing = /missing mandatory parameters|Parameter set cannot be resolved/
    if (possible) expect(said).not.toMatch(missing)
    else expect(said).toMatch(missing)
  })

  it('answers a parameter that it does not have as the real one does', () => {
    const console = fakeConsole()
    const said = console.type(`${name} -NoSuchThing 1`)
    expect(said).toContain(`${name} : A parameter cannot be found that matches parameter name 'NoSuchThing'.`)
    expect(said).toContain(`FullyQualifiedErrorId : NamedParameterNotFound,`)
    expect(console.code).toBe(1)
  })

  it.each(own.map((one) => [one.name, one] as const))('takes -%s or refuses it in one line', (parameter, one) => {
    const console = fakeConsole()
    const said = console.type(`${name} -${parameter} ${sample(one, noun)}`)
    const unbound = /this parameter is real|A parameter cannot be found|Cannot bind parameter|is ambiguous/
    const works = supported(cmdlet, one)
    if (works) {
      expect(said).not.toMatch(slips)
      expect(said).not.toMatch(unbound)
    } else {
      expect(said).toBe(refusal(name, parameter))
      expect(changes(console.kernel.calls)).toEqual([])
    }
    for (const alias of one.aliases) {
      const same = fakeConsole().type(`${name} -${alias} ${sample(one, noun)}`)
      if (works) expect(same).not.toMatch(unbound)
      else expect(same).toBe(said)
    }
  })

  it('looks at every parameter that it says it acts on', () => {
    const ignored: string[] = []
    for (const one of own) {
      if (!supported(cmdlet, one) || /^(WhatIf|Confirm)$/.test(one.name) || one.name in IDLE || one.name in (IDLE_OF[name] ?? {}))
        continue
      if (BEYOND[name]?.includes(one.name)) continue
      const sets = one.sets ?? (signature.sets.length === 0 ? [-1] : signature.sets.map((_, set) => set))
      const looked = sets.some((set) => {
        const others = own.filter(
          (each) => each !== one && each.mandatory && (set < 0 || each.sets === undefined || each.sets.includes(set)),
        )
        const value = (each: Parameter) => (each.flag ? '' : ` ${fitting(each, noun)}`)
        const needed = [...others, one].map((each) => `-${each.name}${value(each)}`).join(' ')
        const lines = [needed, `-${one.name}${value(one)}`, `${needed} -Force`, `${needed} -Confirm:$false`]
        const piped = own.some((each) => each.byValue && each !== one) ? feeds : []
        return [
          ...lines,
          ...piped.map((feed) => `${feed}${needed}`),
          ...piped.map((feed) => `${feed}-${one.name}${value(one)}`),
        ].some((written) => {
          const console = fakeConsole()
          const [feed, rest] = written.includes('|>') ? written.split('|>') : [undefined, written]
          console.type(feed === undefined ? `${name} ${rest}` : `${feed}| ${name} ${rest}`)
          return console.looked.has(one.name)
        })
      })
      const wholes = [...(LINES[name] ?? []), ...(LINES[noun] ?? [])].filter((line) => line.includes(name))
      const seen = () =>
        wholes.some((line) => {
          const console = fakeConsole()
          console.type('1')
          console.type(line)
          return console.looked.has(one.name)
        })
      if (!looked && !seen()) ignored.push(one.name)
    }
    expect(ignored).toEqual([])
  })

  it.each(commonParameters.map((one) => [one.name, one] as const))('takes the common -%s or refuses it in one line', (_, one) => {
    const said = fakeConsole().type(`${name} -${one.name} ${one.flag ? '' : (one.accepted[0] ?? 1)}`)
    if (commonSupported.has(one.name)) expect(said).not.toMatch(/this parameter is real|A parameter cannot be found/)
    else expect(said).toBe(refusal(name, one.name))
  })
})
