// WinNAT's limits (fact sheet 4.7) with a guest on an internal switch, as in walkthroughs T1 and T6.
import { beforeAll, describe, expect, it } from 'vitest'
import { restoreLab } from '../../durable/engine/lab/index.ts'
import type { Lab } from '../../durable/engine/lab/lab.ts'
import type { StoredLab } from '../../durable/engine/lab/lab-api.ts'
import { shells } from '../../durable/runtime.ts'
import { Walk } from '../../durable/walk/walk.ts'
import { WITH_PAGE, walkFirstLab } from './first-lab.ts'

/** After T1: ubuntu1 and ubuntu2 stand on an internal switch that is translated. */
function natted(): Lab {
  const walk = walkFirstLab(WITH_PAGE)
  walk.type('pc', 'New-VMSwitch -SwitchName NATSwitch -SwitchType Internal | Out-Null')
  walk.type('pc', "New-NetIPAddress -IPAddress 192.168.0.1 -PrefixLength 24 -InterfaceAlias 'vEthernet (NATSwitch)' | Out-Null")
  walk.type('pc', 'New-NetNat -Name MyNATnetwork -InternalIPInterfaceAddressPrefix 192.168.0.0/24 | Out-Null')
  for (const [vm, last] of [
    ['ubuntu1', 10],
    ['ubuntu2', 11],
  ] as const) {
    walk.type('pc', `Connect-VMNetworkAdapter -VMName ${vm} -SwitchName NATSwitch`)
    walk.type(vm, 'sudo ip addr flush dev eth0')
    walk.type(vm, `sudo ip addr add 192.168.0.${last}/24 dev eth0`)
    walk.type(vm, 'sudo ip route replace default via 192.168.0.1')
  }
  return walk.lab as Lab
}

let base: Lab
let stored: StoredLab
beforeAll(() => {
  base = natted()
  stored = JSON.parse(JSON.stringify(base.save()))
})
const begin = (): Walk => new Walk(restoreLab(base.definition, base.seed, shells, stored))

const MAP =
  'Add-NetNatStaticMapping -NatName MyNATnetwork -Protocol TCP -ExternalIPAddress 0.0.0.0 -InternalIPAddress 192.168.0.10 -InternalPort 80 -ExternalPort 8080'
const GET = 'curl -s -m 3 http://192.168.3.50:8080/'

describe('New-NetNat', () => {
  it('takes a disjoint prefix, refuses one that overlaps with error 87, and a name that is taken', () => {
    const walk = begin()
    expect(walk.type('pc', 'New-NetNat -Name Second -InternalIPInterfaceAddressPrefix 10.5.0.0/24')).toContain(
      'Active                           : True',
    )
    expect(walk.type('pc', 'New-NetNat -Name Third -InternalIPInterfaceAddressPrefix 192.168.0.128/25')).toMatch(
      /New-NetNat : The parameter is incorrect\.[\s\S]*Windows System Error 87,New-NetNat/,
    )
    expect(walk.type('pc', 'New-NetNat -Name Second -InternalIPInterfaceAddressPrefix 10.6.0.0/24')).toContain(
      'New-NetNat : Cannot create a file when',
    )
  })
})

describe('a static mapping', () => {
  it('is reached from the network and from the inside, not from the computer itself; gone, it is not', () => {
    const walk = begin()
    expect(walk.type('pc', MAP)).toContain('StaticMappingID               : 0')
    expect(walk.type('desk', GET)).toContain('hello from the guest')
    expect(walk.type('ubuntu2', GET)).toContain('hello from the guest')
    expect(walk.type('pc', 'curl.exe -s -m 5 http://192.168.3.50:8080/')).not.toContain('hello')
    expect(walk.type('pc', 'curl.exe -s http://192.168.0.10/')).toContain('hello from the guest')
    walk.type('pc', 'Remove-NetNatStaticMapping -StaticMappingID 0 -Confirm:$false')
    expect(walk.type('desk', GET)).toBe('')
  })

  it('of a port that a program has, or that is set aside, is refused with error 32', () => {
    const walk = begin()
    walk.type('pc', 'netsh interface portproxy add v4tov4 8080 192.168.0.10 80')
    expect(walk.type('pc', MAP)).toMatch(
      /The process cannot access the file because it is being used by another process\.[\s\S]*Windows System Error 32/,
    )
    walk.type('pc', 'netsh interface portproxy reset')
    walk.type('pc', 'netsh int ipv4 add excludedportrange protocol=tcp startport=8080 numberofports=1')
    expect(walk.type('pc', MAP)).toContain('Windows System Error 32')
  })
})

describe('Set-NetNat', () => {
  it('ends an idle flow when it says, and shows what was set', () => {
    const walk = begin()
    walk.type('pc', 'Set-NetNat -Name MyNATnetwork -IcmpQueryTimeout 5')
    expect(walk.type('pc', '(Get-NetNat).IcmpQueryTimeout')).toBe('5\n')
    walk.type('ubuntu1', 'ping -c 1 192.168.3.1')
    expect(walk.type('pc', '@(Get-NetNatSession).Count')).toBe('1\n')
    expect(walk.type('pc', '(Get-NetNatSession).CreationTime.Year')).toBe('2026\n')
    walk.type('pc', 'Start-Sleep 6')
    expect(walk.type('pc', '@(Get-NetNatSession).Count')).toBe('0\n')
  })

  it('lets anybody answer with endpoint-independent filtering', () => {
    const walk = begin()
    expect(walk.type('pc', 'Set-NetNat -Name MyNATnetwork -UdpFilteringBehavior EndpointIndependentFiltering')).toBe('')
    expect(walk.type('pc', '(Get-NetNat).UdpFilteringBehavior')).toBe('EndpointIndependentFiltering\n')
    expect(walk.type('pc', '(Get-NetNat).TcpFilteringBehavior')).toBe('AddressDependentFiltering\n')
  })
})

describe('Add-NetNatExternalAddress', () => {
  it('is the address that others see', () => {
    const walk = begin()
    walk.type('pc', 'netsh interface ip add address name="Ethernet" 192.168.3.60 255.255.255.0')
    expect(walk.type('pc', 'Add-NetNatExternalAddress -NatName MyNATnetwork -IPAddress 192.168.3.60')).toMatch(
      /IPAddress +: 192\.168\.3\.60/,
    )
    walk.type('ubuntu1', 'ping -c 1 192.168.3.1')
    expect(walk.type('pc', '(Get-NetNatSession).ExternalSourceAddress')).toBe('192.168.3.60\n')
  })
})
