// What stands in a real computer besides Hyper-V's adapters (fact sheet 1.1.19, 1.3.13), and two computers whose pools of MAC addresses
// are one (4.9).
import { describe, expect, it } from 'vitest'
import { FIRST_LAB, firstLab } from './first-lab.ts'

const OTHERS = `      VirtualBox Host-Only Network: { kind: virtual, description: VirtualBox Host-Only Ethernet Adapter, mac: '0a:00:27:00:00:0b', address: 192.168.56.1/24 }
      Npcap Loopback Adapter: { kind: virtual, description: Npcap Loopback Adapter, mac: '02:00:4c:4f:4f:50' }
      vEthernet (nat): { kind: virtual, description: Hyper-V Virtual Ethernet Container Adapter, mac: '00:15:5d:1c:11:01', address: 172.20.80.1/20 }
`
const yaml = FIRST_LAB.replace('      Wi-Fi: { kind', `${OTHERS}      Wi-Fi: { kind`)

describe('adapters of Npcap, VirtualBox and Docker', () => {
  const { type } = firstLab(true, 1, yaml)

  it('stand in the lists, up, and are no physical ones', () => {
    const rows = type('pc', 'Get-NetAdapter | % { "$($_.Name)|$($_.Status)" }')
    for (const name of ['VirtualBox Host-Only Network', 'Npcap Loopback Adapter', 'vEthernet (nat)'])
      expect(rows).toContain(`${name}|Up\n`)
    expect(type('pc', 'Get-NetAdapter -Physical | % Name')).toBe('Ethernet\nWi-Fi\n')
    expect(type('pc', 'New-VMSwitch X -NetAdapterName "Npcap Loopback Adapter"')).toContain('No network adapter was found')
    expect(type('pc', 'getmac /v')).toContain('0A-00-27-00-00-0B')
  })

  it('have the address that was set, or one that nobody gave: 169.254 is no fault there', () => {
    const said = type('pc', 'ipconfig')
    expect(said).toMatch(/Ethernet adapter VirtualBox Host-Only Network:\n[\s\S]*?IPv4 Address\. .* : 192\.168\.56\.1\n/)
    expect(said).toMatch(/Ethernet adapter Npcap Loopback Adapter:\n[\s\S]*?Autoconfiguration IPv4 Address\. \. : 169\.254\./)
    expect(type('pc', 'route print -4')).toMatch(/192\.168\.56\.0 +255\.255\.255\.0 +On-link +192\.168\.56\.1/)
  })

  it('change nothing for guests, whose network is drawn beside theirs', () => {
    expect(type('ubuntu1', 'ping -c 1 -W 1 192.0.2.80')).toContain(' 1 received')
    expect(type('pc', 'ping -n 1 -w 500 192.168.56.20')).toContain('Received = ')
    expect(type('pc', '(Get-HnsNetwork).Subnets.AddressPrefix')).not.toMatch(/^172\.20\.(8|9)/)
  })
})

describe('two computers whose pools of MAC addresses are one', () => {
  const two = FIRST_LAB.replace(
    '  # Home ---',
    "  pc2:\n    os: windows-11\n    hostname: LABHOST2\n    adapters: { Ethernet: { mac: 'c4:c6:e6:30:40:01' } }\n    hyperV: {}\n  # Home ---",
  ).replace('cables:\n', 'cables:\n  - { name: pc2-cable, between: [pc2/Ethernet, home-switch], latency: 50us }\n')

  it('give two machines the same address, and one of them gets what is for the other', () => {
    const { type, lab } = firstLab(false, 1, two)
    for (const [pc, vm] of [
      ['pc', 'one'],
      ['pc2', 'two'],
    ] as const) {
      type(pc, 'Set-VMHost -MacAddressMinimum 00155DAABB00 -MacAddressMaximum 00155DAABBFF')
      type(pc, 'New-VMSwitch Lan -NetAdapterName Ethernet | Out-Null')
      type(pc, `New-VHD C:\\VMs\\${vm}.vhdx -ParentPath C:\\Images\\ubuntu-24.04.vhdx -Differencing | Out-Null`)
      type(pc, `New-VM ${vm} -Generation 2 -VHDPath C:\\VMs\\${vm}.vhdx -SwitchName Lan | Out-Null; Start-VM ${vm}`)
      expect(type(pc, `(Get-VMNetworkAdapter ${vm}).MacAddress`)).toBe('00155DAABB00\n')
    }
    type('one', 'sudo ip addr flush dev eth0; sudo ip addr add 192.168.3.231/24 dev eth0')
    type('two', 'sudo ip addr flush dev eth0; sudo ip addr add 192.168.3.232/24 dev eth0')
    expect(type('desk', 'ping -c 1 -W 1 192.168.3.231')).toContain(' 1 received')
    // Now the switch has seen the address at the other computer.
    type('two', 'ping -c 1 -W 1 192.168.3.1')
    const from = lab().nextSighting
    expect(type('desk', 'ping -c 1 -W 1 192.168.3.231')).toContain(' 0 received')
    const echo = lab()
      .sightings(from)
      .filter(
        ({ vantage, direction, bytes }) => direction === 'in' && lab().vantages[vantage]?.adapter === 'eth0' && bytes[23] === 1,
      )
      .map(({ vantage }) => lab().vantages[vantage]?.machine)
    expect(echo).toContain('two')
    expect(echo).not.toContain('one')
    type('pc2', "Stop-VM two -TurnOff; Set-VMNetworkAdapter two -StaticMacAddress '00155DAABC00'; Start-VM two")
    type('one', 'ping -c 1 -W 1 192.168.3.1')
    expect(type('desk', 'ping -c 1 -W 1 192.168.3.231')).toContain(' 1 received')
  })
})

describe('a guest without drivers for synthetic devices', () => {
  it('has no network until it gets an emulated adapter, and then DHCP, names and the Internet', () => {
    const plain = FIRST_LAB.replace(
      'ubuntu2: { memory: 2GB, automaticStop: ShutDown, reportsAddresses: false }',
      'ubuntu2: { memory: 2GB, automaticStop: ShutDown, reportsAddresses: false, generation: 1, enlightened: false }',
    )
    const { type } = firstLab(true, 1, plain)
    expect(type('ubuntu2', 'ip -br link')).not.toContain('eth0')
    expect(type('pc', 'Get-VMIntegrationService ubuntu2 | ? Enabled | measure | % Count')).toBe('0\n')
    expect(type('pc', 'Stop-VM ubuntu2')).toContain('The shutdown integration service of the virtual machine is not available.')
    type(
      'pc',
      "Stop-VM ubuntu2 -TurnOff; Add-VMNetworkAdapter ubuntu2 -IsLegacy $true -SwitchName 'Default Switch' -Name old; Start-VM ubuntu2",
    )
    expect(type('pc', 'Get-VMNetworkAdapter ubuntu2 -IsLegacy $true | % Name')).toBe('old\n')
    const link = /^(eth\d)/m.exec(type('ubuntu2', 'ip -br link'))?.[1] ?? ''
    type('ubuntu2', `sudo ip link set ${link} up; sudo dhclient ${link}`)
    expect(type('ubuntu2', 'ping -c 1 -W 1 www.example.com')).toContain(' 1 received')
  })
})
