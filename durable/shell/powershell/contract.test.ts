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
    case 'IPAddress':
      return '192.168.3.1'
    case 'CimInstance':
      return objects[parameter.name === 'InputObject' ? noun : parameter.name.replace('Associated', '')] ?? '1'
    default:
      return '1'
  }
}

const objects: Readonly<Record<string, string>> = {
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
  NetFirewallSetting: '(Get-NetFirewallSetting)',
  NetIPAddress: '(Get-NetIPAddress -IPAddress 192.168.3.50)',
  NetIPInterface: '(Get-NetIPInterface -InterfaceAlias Ethernet -AddressFamily IPv4)',
  NetNeighbor: '(Get-NetNeighbor -IPAddress 192.168.3.1)',
  NetAdapterBinding: '(Get-NetAdapterBinding Ethernet -ComponentID vms_pp)',
  NetNat: '(New-NetNat n -InternalIPInterfaceAddressPrefix 10.9.0.0/24)',
  NetNatStaticMapping:
    '(Add-NetNatStaticMapping n -Protocol TCP -ExternalIPAddress 0.0.0.0 -ExternalPort 80 -InternalIPAddress 10.9.0.2)',
  NetRoute: '(Get-NetRoute -DestinationPrefix 0.0.0.0/0)',
}

const changes = (calls: readonly string[]): string[] => calls.filter((call) => !call.startsWith('spawn'))

describe.each(cmdlets.map((one) => [one.name, one] as const))('%s', (name, cmdlet) => {
  const signature = signatureOf(cmdlet)
  const own = signature.parameters
  const noun = name.slice(name.indexOf('-') + 1)

  it('is named, placed and described', () => {
    expect(name).toMatch(/^[A-Z][A-Za-z]+-[A-Z][A-Za-z]+$/)
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

  it.each(commonParameters.map((one) => [one.name, one] as const))('takes the common -%s or refuses it in one line', (_, one) => {
    const said = fakeConsole().type(`${name} -${one.name} ${one.flag ? '' : (one.accepted[0] ?? 1)}`)
    if (commonSupported.has(one.name)) expect(said).not.toMatch(/this parameter is real|A parameter cannot be found/)
    else expect(said).toBe(refusal(name, one.name))
  })
})
