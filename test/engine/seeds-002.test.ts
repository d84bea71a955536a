// The notes on a laptop with two guests (docs/seed-coverage.md, 1.3), where no other test shows what they say.
import { describe, expect, it } from 'vitest'
import { eui64LinkLocal, formatIp6, multicastMac } from '../../durable/engine/wire/addresses.ts'
import { LinuxLab } from './linux-lab.ts'
import { isIp4, port, SeedLab } from './seed-lab.ts'

const notes = () => new SeedLab('look-around')

describe('the adapter of the computer', () => {
  it('is called Container NIC on an older build; a restart gives it another name, MAC and network, and guests keep theirs', () => {
    const lab = notes()
    const row = (text: string) => /^(Container NIC [0-9a-f]{8}) +True +Default Switch +(00155D[0-9A-F]{6}) /m.exec(text)
    const guests = (text: string) =>
      [...text.matchAll(/^Network Adapter +False +(\S+) .*(00155D[0-9A-F]{6})/gm)].map(([, , mac]) => mac)
    const before = lab.type('laptop', 'Get-VMNetworkAdapter -All')
    const prefix = lab.type('laptop', '(Get-HnsNetwork).Subnets.AddressPrefix')
    lab.type('laptop', 'Restart-Computer -Force')
    const after = lab.type('laptop', 'Get-VMNetworkAdapter -All')
    expect(row(before)).not.toBeNull()
    expect(row(after)?.[1]).not.toBe(row(before)?.[1])
    expect(row(after)?.[2]).not.toBe(row(before)?.[2])
    expect(guests(before)).toEqual(['00155D033201', '00155D033202'])
    expect(guests(after)).toEqual(guests(before))
    expect(prefix).toMatch(/\/28\n$/)
    expect(lab.type('laptop', '(Get-HnsNetwork).Subnets.AddressPrefix')).not.toBe(prefix)
    expect(new SeedLab().type('pc', 'Get-VMNetworkAdapter -All')).toMatch(/^Default Switch +True /m)
  })
})

describe('lists of Hyper-V', () => {
  it('Get-VMSecurity: all off', () => {
    const said = notes().type('laptop', 'Get-VMSecurity -VMName primary')
    expect([...said.matchAll(/^(\w+) +: (.*)$/gm)].map(([, name, value]) => `${name}=${value}`)).toEqual([
      'TpmEnabled=False',
      'KsdEnabled=False',
      'Shielded=False',
      'EncryptStateAndVmMigrationTraffic=False',
      'VirtualizationBasedSecurityOptOut=False',
      'BindToHostTpm=False',
      'CimSession=CimSession: .',
      'ComputerName=CC-LABS-2',
      'IsDeleted=False',
    ])
  })

  it('Get-VMNetworkAdapterAcl: nothing, until somebody adds one', () => {
    const lab = notes()
    expect(lab.type('laptop', 'Get-VMNetworkAdapterAcl -VMName primary')).toBe('')
    lab.type('laptop', 'Add-VMNetworkAdapterAcl -VMName primary -Action Deny -Direction Inbound -RemoteIPAddress 10.0.0.1')
    expect(lab.type('laptop', 'Get-VMNetworkAdapterAcl -VMName primary')).toContain('10.0.0.1')
  })

  it('Get-VMSwitchExtension: three, with the ids of this build', () => {
    const said = notes().type('laptop', 'Get-VMSwitch "Default Switch" | Get-VMSwitchExtension')
    const values = (name: string) => [...said.matchAll(new RegExp(`^${name} +: (.*)$`, 'gm'))].map(([, value]) => value)
    expect(values('Id')).toEqual([
      'E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A',
      'E9B59CFA-2BE1-4B21-828F-B6FBDBDDC017',
      'EA24CD6C-D17A-4348-9190-09F0D5BE83DD',
    ])
    expect(values('ExtensionType')).toEqual(['Filter', 'Forwarding', 'Monitoring'])
    expect(values('Version')[1]).toBe('10.0.10011.16384')
    expect(values('SwitchId')).toEqual(Array(3).fill('c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'))
    expect(values('Enabled')).toEqual(Array(3).fill('False'))
    expect(values('Running')).toEqual(Array(3).fill('True'))
    expect([...said.matchAll(/^(\w+) +: /gm)].slice(0, 14).map(([, name]) => name)).toEqual(
      (
        'Id Name Vendor Version ExtensionType ParentExtensionId ParentExtensionName SwitchId SwitchName Enabled Running ' +
        'CimSession ComputerName IsDeleted'
      ).split(' '),
    )
  })
})

describe('addresses', () => {
  it('come from a DHCP server, from the system itself, or by hand', () => {
    const lab = new SeedLab()
    const origin = (filter: string) => lab.type('pc', `(Get-NetIPAddress ${filter}).PrefixOrigin`)
    expect(origin('-InterfaceAlias Ethernet -AddressFamily IPv4')).toBe('Dhcp\n')
    expect(lab.type('pc', 'ipconfig /all')).toMatch(/DHCP Server.*: 192\.168\.3\.1\n/)
    expect(lab.type('win1', 'ipconfig /all')).toMatch(/DHCP Server.*: (172|192)\.\d+\.\d+\.\d*1\n/)
    expect(origin('-IPAddress 127.0.0.1')).toBe('WellKnown\n')
    expect(
      lab.type('pc', '(Get-NetIPAddress -InterfaceAlias Ethernet -PrefixLength 64 | ? SuffixOrigin -eq Link).IPAddress'),
    ).toMatch(/^fe80::|^2001:/)
    lab.type('pc', 'New-VMSwitch X -SwitchType Internal | Out-Null')
    lab.type('pc', 'New-NetIPAddress -InterfaceAlias "vEthernet (X)" -IPAddress 10.1.1.1 -PrefixLength 24 | Out-Null')
    expect(origin('-IPAddress 10.1.1.1')).toBe('Manual\n')
  })

  it.each([
    ['pc', 'ping -n 1 127.44.3.2', 'Reply from 127.44.3.2'],
    ['ubuntu1', 'ping -c 1 127.44.3.2', '1 received'],
  ])('all of 127.0.0.0/8 are the machine itself: %s', (machine, line, shows) => {
    const lab = new SeedLab()
    expect(lab.type(machine, line)).toContain(shows)
    expect(lab.passed()).toEqual([])
  })

  it('the highest of a network is its broadcast address, and there is one for everybody', () => {
    const lab = notes()
    const [, own, brd] = /inet (\S+)\/28 brd (\S+)/.exec(lab.type('vm1', 'ip -4 address show eth0')) ?? []
    const last = (text: string) => Number(text.split('.')[3])
    expect(last(brd)).toBe(last(own) | 15)
    expect(lab.type('laptop', 'arp -a')).toMatch(new RegExp(`${brd} +ff-ff-ff-ff-ff-ff +static`))
    expect(lab.type('laptop', 'arp -a')).toMatch(/255\.255\.255\.255 +ff-ff-ff-ff-ff-ff +static/)
  })

  it('of a link follow from the MAC address', () => {
    expect(formatIp6(eui64LinkLocal(0x00155d00e501))).toBe('fe80::215:5dff:fe00:e501')
    expect(formatIp6(eui64LinkLocal(0x525400120211))).toBe('fe80::5054:ff:fe12:211')
    const lan = notes().type('lanpc', 'ip -6 address show enp3s0')
    expect(lan).toContain('inet6 fe80::dabb:c1ff:fe5e:721/64 scope link')
    expect(lan).toMatch(/inet6 2001:db8:3:0:dabb:c1ff:fe5e:721\/64 scope global/)
  })

  it('a guest has its own for a day, in the words of iproute2', () => {
    const said = notes().type('vm1', 'ip address')
    expect(said).toMatch(/: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000\n/)
    const left = Number(/valid_lft (\d+)sec/.exec(said)?.[1])
    expect(left).toBeGreaterThan(86_000)
    expect(left).toBeLessThanOrEqual(86_400)
    expect(said).toMatch(/127\.0\.0\.1\/8 scope host lo\n +valid_lft forever/)
  })
})

describe('MAC addresses', () => {
  it('that two machines have break both, in turns', () => {
    const lab = new LinuxLab()
    lab.type('gamma', 'sudo ip addr add 10.9.0.3/24 dev eth0')
    const heard = (who: string) => lab.type('gamma', `ping -c 1 -W 1 ${who}`).includes('1 received')
    expect([heard('10.9.0.1'), heard('10.9.0.2')]).toEqual([true, true])
    lab.type('beta', 'sudo ip link set eth0 down; sudo ip link set eth0 address 00:15:5d:00:00:01; sudo ip link set eth0 up')
    lab.type('beta', 'sudo ip addr add 10.9.0.2/24 dev eth0; ping -c 1 10.9.0.3')
    expect(heard('10.9.0.2')).toBe(true)
    lab.type('beta', 'ping -c 1 10.9.0.3')
    expect(heard('10.9.0.1')).toBe(false)
    lab.type('alpha', 'ping -c 1 10.9.0.3')
    expect(heard('10.9.0.2')).toBe(false)
  })
})

describe('arp -a on Windows', () => {
  it('has a block for each interface with its number in hex, and groups with their MAC addresses', () => {
    const lab = notes()
    const index = Number(lab.type('laptop', '(Get-NetAdapter Ethernet).ifIndex'))
    const said = lab.type('laptop', 'arp -a')
    expect(said).toContain(`Interface: 192.168.3.50 --- 0x${index.toString(16)}\n`)
    expect(said).toContain('  Internet Address      Physical Address      Type\n')
    for (const [group, mac] of [
      ['224.0.0.22', '01-00-5e-00-00-16'],
      ['224.0.0.251', '01-00-5e-00-00-fb'],
      ['224.0.0.252', '01-00-5e-00-00-fc'],
      ['239.255.255.250', '01-00-5e-7f-ff-fa'],
    ])
      expect(said).toMatch(new RegExp(`${group} +${mac} +static`))
    // The last 23 bits of any group: also of that of the Service Location Protocol, which nobody here is a member of.
    expect(multicastMac(0xeffffffd)).toBe(0x01005e7ffffd)
  })
})

describe('LLMNR', () => {
  it.each([
    [true, true],
    [false, false],
  ])('is there: %s; a single name is asked of the link: %s', (llmnr, asks) => {
    const lab = new SeedLab('default-switch', (yaml) =>
      yaml.replace('    build: 26100\n', `    build: 26100\n    llmnr: ${llmnr}\n`),
    )
    lab.type('pc', 'ping -n 1 nosuchprinter')
    expect(lab.passed().some(({ bytes }) => isIp4(bytes, 17) && port(bytes, 36) === 5355)).toBe(asks)
  })

  it('is switched off by its policy in the registry', () => {
    const lab = new SeedLab()
    const asks = () => {
      lab.type('pc', 'ping -n 1 nosuchprinter')
      return lab.passed().some(({ bytes }) => isIp4(bytes, 17) && port(bytes, 36) === 5355)
    }
    expect(asks()).toBe(true)
    const key = "'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient'"
    expect(lab.type('pc', `New-Item ${key} -Force | Out-Null; Set-ItemProperty ${key} EnableMulticast 0`)).toBe('')
    expect(asks()).toBe(false)
  })
})
