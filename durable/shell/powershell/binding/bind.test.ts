import { describe, expect, test } from 'vitest'
import { fakeConsole } from '../../windows/fake-console.ts'
import { cmdlets, signatureOf } from '../cmdlets/index.ts'
import { documented } from '../signatures/index.ts'
import { findParameter } from './bind.ts'
import { readSignature } from './signature.ts'

test('every documented line can be read', () => {
  let parameters = 0
  for (const one of documented.values()) parameters += one.signature().parameters.length
  expect(documented.size).toBe(479)
  expect(parameters).toBeGreaterThan(5900)
})

test.each(cmdlets.map((one) => [one.name, one] as const))('%s: what it says it supports are its parameters', (_, one) => {
  const names = signatureOf(one).parameters.map(({ name }) => name)
  if (one.supports !== 'all') for (const name of one.supports) expect(names).toContain(name)
  if (typeof one.defaultSet === 'string') expect(signatureOf(one).sets).toContain(one.defaultSet)
  expect(new Set(names).size).toBe(names.length)
})

test('names, aliases and beginnings', () => {
  const signature = readSignature('Test-It Name@0 NotThis Value:Int32(v,Val) VirtualMachine')
  expect(findParameter(signature, 'na')).toMatchObject({ name: 'Name' })
  expect(findParameter(signature, 'V')).toMatchObject({ name: 'Value' })
  expect(findParameter(signature, 'n')).toHaveLength(2)
  expect(findParameter(signature, 'zzz')).toEqual([])
})

/** Nobody is there to be asked for what is missing. */
const message = (line: string) =>
  fakeConsole()
    .type(line)
    .replace(/^\ncmdlet [\s\S]*?: \n/, '')
    .split('\n')[0]

describe('complaints', () => {
  test.each([
    ['Get-VM -Bogus', "Get-VM : A parameter cannot be found that matches parameter name 'Bogus'."],
    ['Get-VMSwitch a b c', "Get-VMSwitch : A positional parameter cannot be found that accepts argument 'c'."],
    [
      'Get-VMNetworkAdapter',
      'Get-VMNetworkAdapter : Cannot process command because of one or more missing mandatory parameters: VMName.',
    ],
    [
      'Get-VMNetworkAdapter -All -VMName x',
      'Get-VMNetworkAdapter : Parameter set cannot be resolved using the specified named parameters.',
    ],
    [
      'Get-VMSwitch -SwitchType Bogus',
      'Get-VMSwitch : Cannot validate argument on parameter \'SwitchType\'. The argument "Bogus" does not belong to the set "Private,Internal,External" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.',
    ],
    [
      'Get-VM -Name',
      "Get-VM : Missing an argument for parameter 'Name'. Specify a parameter of type 'System.String[]' and try again.",
    ],
    [
      'Get-VM -Name a -Name b',
      'Get-VM : Cannot bind parameter because parameter \'Name\' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax. For example, "-parameter value1,value2,value3".',
    ],
    [
      'Get-NetIPAddress -InterfaceIndex x',
      'Get-NetIPAddress : Cannot bind parameter \'InterfaceIndex\'. Cannot convert value "x" to type "System.UInt32". Error: "Input string was not in a correct format."',
    ],
  ])('%s', (line, text) => {
    expect(message(line)).toBe(text)
  })
})

describe('from the pipeline', () => {
  const lines = (line: string) => fakeConsole().type(line)
  test.each([
    ["'vm1','win1' | Get-VM | % Name", 'vm1\nwin1\n'],
    ['Get-VM vm1 | Get-VMNetworkAdapter | % MacAddress', '00155D033200\n'],
    ["'Default Switch' | Get-VMSwitchExtension | select -First 1 | % Vendor", 'Microsoft\n'],
    ['Get-NetAdapter Ethernet | Get-NetIPAddress -AddressFamily IPv4 | % IPAddress', '192.168.3.50\n'],
    [
      'Get-NetIPAddress -InterfaceIndex (Get-NetAdapter -Name "vEthernet (Default Switch)").ifIndex -AddressFamily IPv4 | % IPAddress',
      '172.27.160.1\n',
    ],
    ['Get-VM -Name vm*,sp* | % Name', 'vm1\nspare\n'],
  ])('%s', (line, text) => {
    expect(lines(line)).toBe(text)
  })

  test('what nothing takes is told once for each object', () => {
    expect(lines('1 | Clear-Host')).toContain('The input object cannot be bound to any parameters for the command')
  })
})

test('bare numbers keep how they were written where text is wanted', () => {
  expect(message('Get-VM 007')).toContain('"007"')
})
