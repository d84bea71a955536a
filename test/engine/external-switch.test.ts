// External switches (fact sheet 4.10): the adapter's addresses, routes and connections go to the switch's adapter and back.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Socket, StreamEvent } from '../../durable/engine/ip/hooks.ts'
import { parseIp } from '../../durable/engine/wire/addresses.ts'
import { firstLab as lab } from './first-lab.ts'

const NEW = 'New-VMSwitch -Name HomeNet -NetAdapterName Ethernet -AllowManagementOS $true'

describe('an external switch', () => {
  it('takes the adapter: what stood on it stands on vEthernet, with its MAC address (T2)', () => {
    const { type } = lab()
    expect(type('pc', NEW)).toContain('HomeNet External   Intel(R) Ethernet Connection (18) I219-LM')
    expect(type('pc', 'Get-NetAdapter | % { "$($_.Name)|$($_.MacAddress)|$($_.LinkSpeed)" }')).toMatch(
      /Ethernet\|C4-C6-E6-30-3F-37\|1 Gbps\n[\s\S]*vEthernet \(HomeNet\)\|C4-C6-E6-30-3F-37\|1 Gbps/,
    )
    expect(type('pc', 'Get-NetAdapterBinding Ethernet | ? Enabled | % ComponentID')).toBe('vms_pp\n')
    expect(type('pc', 'Get-NetAdapterBinding "vEthernet (HomeNet)" -ComponentID ms_tcpip,vms_pp | % Enabled')).toBe(
      'False\nTrue\n',
    )
    const ipconfig = type('pc', 'ipconfig')
    expect(ipconfig).not.toContain('Ethernet adapter Ethernet:')
    expect(ipconfig.split('vEthernet (HomeNet):')[1]).toMatch(/IPv4 Address.*192\.168\.3\.50[\s\S]*192\.168\.3\.1/)
    expect(type('pc', 'Get-NetIPAddress -InterfaceAlias Ethernet')).toContain(
      "No matching MSFT_NetIPAddress objects found by CIM query for instances of the ROOT/StandardCimv2/MSFT_NetIPAddress class on the  CIM server: SELECT * FROM MSFT_NetIPAddress  WHERE ((InterfaceAlias LIKE 'Ethernet')).",
    )
    expect(type('pc', 'ping -n 1 192.168.3.1')).toContain('Received = 1')
    // Guests of the Default Switch go out by it.
    expect(type('ubuntu2', 'ping -c 1 -4 www.example.com')).toContain(' 1 received')
  })

  it('makes guests computers of the LAN, which others reach', () => {
    const { type } = lab()
    type('pc', NEW)
    type('pc', 'Connect-VMNetworkAdapter ubuntu1 -SwitchName HomeNet')
    const address = /inet (192\.168\.3\.\d+)\/24/.exec(type('ubuntu1', 'ip -4 addr show eth0'))?.[1]
    expect(address).toBeDefined()
    expect(type('desk', `ping -c 1 ${address}`)).toContain('ttl=64')
    expect(type('desk', 'ip neigh')).toContain(`${address} dev enp3s0 lladdr 00:15:5d:03:32:00`)
    // Between guest and computer no frame leaves.
    const before = type('pc', '(Get-NetAdapter Ethernet).ifIndex')
    expect(before).toBe('23\n')
  })

  it('costs some echo replies and no connection', () => {
    const { type, lab: now } = lab()
    const pc = now().parts.machines.get('pc')
    if (!pc) throw new Error('no computer')
    const { tcp } = pc.stack
    const seen: StreamEvent[] = []
    const owner = { name: 'pc/test', streamEvent: (_: Socket, event: StreamEvent) => void seen.push(event) }
    tcp.attach(owner)
    const socket = tcp.connect(owner, parseIp('192.0.2.80') ?? 0, 80)
    if (typeof socket === 'string') throw new Error(socket)
    now().runTo(now().now + 1_000_000, 10_000)
    expect(seen).toEqual(['connected', 'writable'].slice(0, seen.length))
    const ends = tcp.ends(socket)
    type('pc', NEW)
    expect(tcp.ends(socket)).toEqual(ends)
    tcp.send(socket, new TextEncoder().encode('GET / HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n'))
    now().runTo(now().now + 3_000_000, 10_000)
    expect(new TextDecoder().decode(tcp.receive(socket))).toMatch(/^HTTP\/1\.1 200 OK/)
    type('pc', 'Remove-VMSwitch HomeNet -Force')
    expect(pc.stack.byName('Ethernet')?.primary?.ip).toBe(parseIp('192.168.3.50'))
  })

  it('a ping that runs meanwhile misses one to three replies', () => {
    const { type, lab: now } = lab()
    now().exec('pc:2', 'ping -t 192.168.3.1', 50)
    now().runTo(now().now + 3_000_000, 10_000)
    type('pc', NEW)
    now().runTo(now().now + 8_000_000, 10_000)
    now().interrupt('pc:2')
    const said = now()
      .takeOutput()
      .filter(({ console }) => console === 'pc:2')
      .map(({ text }) => text)
      .join('')
    const [, lost] = /Lost = (\d+)/.exec(said) ?? []
    expect(Number(lost)).toBeGreaterThanOrEqual(1)
    expect(Number(lost)).toBeLessThanOrEqual(3)
    expect(said.match(/Reply from 192\.168\.3\.1/g)?.length).toBeGreaterThan(5)
  })

  it('is refused for an adapter that a switch has, in two lines, and for one that is off or not there', () => {
    const { type } = lab()
    type('pc', NEW)
    expect(type('pc', 'New-VMSwitch Second -NetAdapterName Ethernet')).toBe(
      [
        'New-VMSwitch : Failed while adding virtual Ethernet switch connections.',
        "External Ethernet adapter 'Intel(R) Ethernet Connection (18) I219-LM' is already bound to the Microsoft Virtual Switch protocol.",
        'At line:1 char:1',
        '+ New-VMSwitch Second -NetAdapterName Ethernet',
        '+ ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~',
        '    + CategoryInfo          : ResourceBusy: (Second:String) [New-VMSwitch], VirtualizationException',
        '    + FullyQualifiedErrorId : ObjectInUse,Microsoft.HyperV.PowerShell.Commands.NewVMSwitch',
        ' ',
        '',
      ].join('\n'),
    )
    type('pc', 'Disable-NetAdapter Wi-Fi -Confirm:$false')
    expect(type('pc', 'New-VMSwitch Second -NetAdapterName Wi-Fi')).toMatch(
      /Failed while adding virtual Ethernet switch connections\.\nEthernet port '\{[0-9A-F-]{36}\}' bind failed: Element not found\. \(0x80070490\)\.[\s\S]*ObjectNotFound,/,
    )
    expect(type('pc', 'New-VMSwitch Second -NetAdapterName Nope')).toContain(
      'No network adapter was found with the given criteria.',
    )
    // A protocol left bound has the same effect, and is taken off by hand (fact sheet 2.12).
    type('pc', 'Remove-VMSwitch HomeNet -Force; Enable-NetAdapterBinding Ethernet -ComponentID vms_pp')
    expect(type('pc', NEW)).toContain('is already bound to the Microsoft Virtual Switch protocol.')
    type('pc', 'Disable-NetAdapterBinding Ethernet -ComponentID vms_pp')
    expect(type('pc', NEW)).toContain('External')
  })

  it('mirrors the link: unplugged, both are disconnected, and the guest’s link stays up', () => {
    const { type, lab: now } = lab()
    type('pc', `${NEW}; Connect-VMNetworkAdapter ubuntu1 -SwitchName HomeNet`)
    now().hand({ action: 'unplug', link: 'pc-cable' }, 900)
    const status = 'Get-NetAdapter Ethernet,*HomeNet* | % { "$($_.Status) $($_.LinkSpeed)" }'
    expect(type('pc', status)).toBe('Disconnected 0 bps\nDisconnected 0 bps\n')
    expect(type('ubuntu1', 'ip -br link show eth0')).toContain('UP')
    now().hand({ action: 'plug', link: 'pc-cable' }, 901)
    expect(type('pc', status)).toBe('Up 1 Gbps\nUp 1 Gbps\n')
    expect(type('pc', 'ping -n 1 192.168.3.1')).toContain('Received = 1')
  })
})

describe('transitions', () => {
  it('without the computer on it; then with it; then without the adapter', () => {
    const { type } = lab()
    type('pc', 'New-VMSwitch Own -NetAdapterName Ethernet -AllowManagementOS $false | Out-Null')
    expect(type('pc', 'ipconfig')).not.toContain('192.168.3.50')
    expect(type('pc', 'Get-VMSwitch Own | % AllowManagementOS')).toBe('False\n')
    type('pc', 'Connect-VMNetworkAdapter ubuntu1 -SwitchName Own')
    expect(type('ubuntu1', 'ping -c 1 192.168.3.1')).toContain(' 1 received')
    type('pc', 'Set-VMSwitch Own -AllowManagementOS $true')
    expect(type('pc', 'ipconfig').split('vEthernet (Own):')[1]).toContain('192.168.3.50')
    type('pc', 'Set-VMSwitch Own -SwitchType Private')
    expect(type('pc', 'ipconfig').split('adapter Ethernet:')[1]).toContain('192.168.3.50')
    expect(type('pc', 'Get-VMSwitch Own | % SwitchType')).toBe('Private\n')
  })

  it('internal to external keeps the old static address: two subnets on one wire; by way of private it is right', () => {
    const { type } = lab()
    type('pc', 'New-VMSwitch X -SwitchType Internal | Out-Null')
    type('pc', 'New-NetIPAddress -InterfaceAlias "vEthernet (X)" -IPAddress 10.1.1.1 -PrefixLength 24 | Out-Null')
    type('pc', 'Set-VMSwitch X -NetAdapterName Ethernet')
    const there = type('pc', 'ipconfig').split('vEthernet (X):')[1] ?? ''
    expect(there).toContain('10.1.1.1')
    expect(there).not.toContain('192.168.3')
    // Layer 2 works, the subnets cannot talk.
    type('desk', 'sudo ip addr add 10.1.1.9/24 dev enp3s0')
    expect(type('pc', 'ping -n 1 10.1.1.9')).toContain('Reply from 10.1.1.9')
    expect(type('pc', 'ping -n 1 192.168.3.1')).toContain('General failure')
    type('pc', 'Set-VMSwitch X -SwitchType Private; Set-VMSwitch X -NetAdapterName Ethernet')
    expect(type('pc', 'ipconfig').split('vEthernet (X):')[1]).toContain('192.168.3.50')
    expect(type('pc', 'Get-VMSwitch X | % SwitchType')).toBe('External\n')
  })

  it('another adapter: the first is free, and what the second had has gone to the switch', () => {
    const { type } = lab()
    type('pc', `${NEW} | Out-Null; netsh wlan connect name=HomeNet ssid=HomeNet`)
    const before = /Wi-Fi:[\s\S]*?IPv4 Address.*: ([\d.]+)/.exec(type('pc', 'ipconfig'))?.[1]
    type('pc', 'Set-VMSwitch HomeNet -NetAdapterName Wi-Fi')
    const ipconfig = type('pc', 'ipconfig')
    expect(ipconfig.split('adapter Ethernet:')[1]?.split('adapter')[0]).toContain('192.168.3.50')
    expect(ipconfig.split('vEthernet (HomeNet):')[1]).toContain(before)
    expect(type('pc', 'Get-NetAdapter Wi-Fi,*HomeNet* | % MacAddress')).toBe('E0-2B-E9-11-5C-8A\nE0-2B-E9-11-5C-8A\n')
  })

  it('over Wi-Fi guests borrow the adapter’s address on the air, and reach what they would over a cable', () => {
    const { type } = lab()
    type('pc', 'Disable-NetAdapter Ethernet -Confirm:$false; netsh wlan connect name=HomeNet ssid=HomeNet')
    type('pc', 'New-VMSwitch Air -NetAdapterName Wi-Fi | Out-Null; Connect-VMNetworkAdapter ubuntu1,win1 -SwitchName Air')
    expect(type('ubuntu1', 'ping -c 1 -4 www.example.com')).toContain(' 1 received')
    expect(type('win1', 'ping -n 1 192.168.3.1')).toContain('Received = 1')
    const address = /inet (192\.168\.3\.\d+)/.exec(type('ubuntu1', 'ip -4 addr show eth0'))?.[1]
    expect(type('desk', `ping -c 1 ${address}`)).toContain(' 1 received')
    expect(type('desk', 'ip neigh')).toContain(`${address} dev enp3s0 lladdr e0:2b:e9:11:5c:8a`)
  })

  it('a restart of the computer leaves the switch, and its addresses come back', () => {
    const { type } = lab()
    type('pc', `${NEW} | Out-Null; Restart-Computer -Force`)
    expect(type('pc', 'Get-VMSwitch HomeNet | % SwitchType')).toBe('External\n')
    expect(type('pc', 'ipconfig').split('vEthernet (HomeNet):')[1]).toContain('192.168.3.50')
  })
})

const LINES = [
  'New-VMSwitch A -NetAdapterName Ethernet | Out-Null',
  'New-VMSwitch B -NetAdapterName Wi-Fi -AllowManagementOS $false | Out-Null',
  'New-VMSwitch A -SwitchType Internal | Out-Null',
  'Set-VMSwitch A -SwitchType Private',
  'Set-VMSwitch A -SwitchType Internal',
  'Set-VMSwitch A -NetAdapterName Ethernet',
  'Set-VMSwitch A -NetAdapterName Wi-Fi',
  'Set-VMSwitch A -AllowManagementOS $false',
  'Set-VMSwitch A -AllowManagementOS $true',
  'Remove-VMSwitch A -Force',
  'Connect-VMNetworkAdapter ubuntu2 -SwitchName A',
  'Disconnect-VMNetworkAdapter ubuntu2',
  'netsh wlan connect name=HomeNet ssid=HomeNet',
  'netsh wlan disconnect',
  'Disable-NetAdapter Ethernet -Confirm:$false',
  'Enable-NetAdapter Ethernet',
  'Disable-NetAdapterBinding Ethernet -ComponentID ms_tcpip',
  'Enable-NetAdapterBinding Ethernet -ComponentID ms_tcpip',
  'ipconfig /renew',
  'Restart-Computer -Force',
]

it('any order of transitions: nothing breaks, being put away changes nothing, and what has a gateway reaches it', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...LINES), { minLength: 3, maxLength: 9 }), (lines) => {
      const run = (away: boolean) => {
        const { type, lab: now } = lab(away, 3)
        const said = lines.map((line) => type('pc', line))
        for (const text of said) expect(text).not.toMatch(/internal error/i)
        const pc = now().parts.machines.get('pc')
        const macs = new Set<string>()
        for (const via of pc?.stack.interfaces.values() ?? []) {
          const lease = via.addresses.find(({ origin, state }) => origin === 'dhcp' && state === 'preferred')
          if (via.up && lease && via.kind !== 'ppp') macs.add(via.name)
        }
        const ping = macs.size > 0 ? type('pc', 'ping -n 2 192.168.3.1') : ''
        if (macs.size > 0) expect(ping).toContain('Reply from 192.168.3.1')
        return { said, ping, digest: now().digest() }
      }
      expect(run(true)).toEqual(run(false))
    }),
    { numRuns: Number(process.env.RUNS ?? 12), seed: 20261121 },
  )
}, 120_000)
