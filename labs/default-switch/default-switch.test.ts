// What the Default Switch does on a real computer, asked of the lab at the same places where a person would look.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { InterfaceView } from '../../durable/engine/machine/views.ts'
import { formatIp, inPrefix, parseCidr, parseIp } from '../../durable/engine/wire/addresses.ts'
import { openRuntime } from '../../durable/runtime.ts'
import { Walk } from '../../durable/walk/walk.ts'

const yaml = readFileSync(join(import.meta.dirname, 'lab.yaml'), 'utf8')
const SECOND = 1_000_000
const DAY = 86_400 * SECOND

function begin(seed = 1, text = yaml): Walk {
  const opened = openRuntime(text, seed)
  if (!opened.ok) throw new Error(JSON.stringify(opened.faults))
  return new Walk(opened.lab)
}

const without = (mechanism: 'dhcp' | 'dns' | 'nat') =>
  begin(1, yaml.replace('    hyperV:\n', `    hyperV:\n      defaultSwitch: { ${mechanism}: false }\n`))

const kernel = (walk: Walk, machine: string) => {
  const found = walk.lab.kernel(machine)
  if (!found) throw new Error(`${machine} is off`)
  return found
}
const adapter = (walk: Walk, machine: string, name: string): InterfaceView => {
  const found = kernel(walk, machine)
    .interfaces()
    .find((one) => one.name === name)
  if (!found) throw new Error(`${machine} has no ${name}`)
  return found
}
const ip4 = ({ addresses }: InterfaceView) => addresses[0]?.address
const guest = (walk: Walk, name: string) => adapter(walk, name, name === 'win1' ? 'Ethernet' : 'eth0')
const hns = (walk: Walk) => {
  const [network] = kernel(walk, 'pc').hyperV?.hnsNetworks() ?? []
  const prefix = parseCidr(network.addressPrefix)
  if (!prefix) throw new Error(network.addressPrefix)
  return { ...network, prefix }
}
const isIn = (address: string | undefined, { address: network, prefixLength }: { address: number; prefixLength: number }) =>
  address !== undefined && inPrefix(parseIp(address) as number, network, prefixLength)

const outcome = (walk: Walk, id: string) => walk.check().find((one) => one.id === id)?.outcome
const lines = (text: string) => text.split('\n')

describe('addresses', () => {
  it.each([1, 2, 3, 4, 5, 6])('come from a private /20 drawn at boot: seed %i', (seed) => {
    const { prefix, gatewayAddress } = hns(begin(seed))
    expect(prefix.prefixLength).toBe(20)
    expect(prefix.address & 0xfff).toBe(0)
    const network = formatIp(prefix.address)
    const inside = isIn(network, { address: parseIp('172.16.0.0') as number, prefixLength: 12 })
    expect(inside || isIn(network, { address: parseIp('192.168.0.0') as number, prefixLength: 16 })).toBe(true)
    expect(isIn('192.168.3.1', prefix)).toBe(false)
    expect(parseIp(gatewayAddress)).toBe(prefix.address + 1)
  })

  it.each(['ubuntu1', 'ubuntu2', 'win1'])('are leased to %s for a day, with gateway, DNS and suffix', (name) => {
    const walk = begin()
    const { prefix, gatewayAddress } = hns(walk)
    const { addresses, lease, gateways, dnsServers, dnsSuffix } = guest(walk, name)
    expect(isIn(addresses[0].address, prefix)).toBe(true)
    expect(addresses[0].prefixLength).toBe(20)
    expect(lease?.server).toBe(gatewayAddress)
    expect(gateways).toEqual([gatewayAddress])
    expect(dnsServers).toEqual([gatewayAddress])
    expect(dnsSuffix).toBe('mshome.net')
    const { obtainedAt, renewAt, rebindAt, expiresAt } = lease as unknown as { [moment: string]: number }
    expect(expiresAt - obtainedAt).toBe(DAY)
    expect(renewAt - obtainedAt).toBe(DAY / 2)
    expect(rebindAt - obtainedAt).toBe((DAY * 7) / 8)
  })

  it('have MACs of the pool, whose octets 4 and 5 are those of the computer', () => {
    const walk = begin()
    expect(ip4(adapter(walk, 'pc', 'Ethernet'))).toBe('192.168.3.50')
    expect(['ubuntu1', 'ubuntu2', 'win1'].map((name) => guest(walk, name).mac)).toEqual([
      '00155D033200',
      '00155D033201',
      '00155D033202',
    ])
    expect(guest(walk, 'ubuntu1').linkLocal6).toBe('fe80::215:5dff:fe03:3200')
    expect(adapter(walk, 'pc', 'vEthernet (Default Switch)').mac).toMatch(/^00155D/)
  })

  it('show in the guest as a gateway with the MAC of the host adapter, by its name', () => {
    const walk = begin()
    const { gatewayAddress } = hns(walk)
    walk.type('ubuntu1', 'ping -c 1 www.example.com')
    const mac = adapter(walk, 'pc', 'vEthernet (Default Switch)').mac.toLowerCase().match(/../g)?.join(':')
    expect(walk.type('ubuntu1', 'ip neigh')).toMatch(
      new RegExp(`^${gatewayAddress} dev eth0 lladdr ${mac} (REACHABLE|DELAY|STALE)`),
    )
    const routes = lines(walk.type('ubuntu1', 'netstat -r'))
    expect(routes.find((line) => line.startsWith('default'))).toMatch(/^default\s+LABHOST\.mshome\.\s+0\.0\.0\.0\s+UG\s/)
    expect(routes.some((line) => /^LABHOST\.mshome\.\s+0\.0\.0\.0\s+255\.255\.255\.255\s+UH\s/.test(line))).toBe(true)
    expect(walk.type('ubuntu1', 'arp')).toMatch(new RegExp(`LABHOST\\.mshome\\.net\\s+ether\\s+${mac}\\s+C\\s+eth0`))
  })

  it('of guests are static in the ARP table of the computer', () => {
    const walk = begin()
    const { gatewayAddress } = hns(walk)
    const blocks = walk.type('pc', 'arp -a').split(/\n(?=Interface: )/)
    const block = blocks.find((one) => one.startsWith(`Interface: ${gatewayAddress} `)) as string
    for (const [i, name] of ['ubuntu1', 'ubuntu2', 'win1'].entries())
      expect(block).toMatch(new RegExp(`  ${ip4(guest(walk, name))} +00-15-5d-03-32-0${i} +static`))
    expect(block).not.toContain('224.0.0.252')
  })
})

describe('the service behind the switch', () => {
  it('calls itself ICS in one place and Internal in the other', () => {
    const walk = begin()
    const row = lines(walk.type('pc', 'Get-VMSwitch')).find((line) => line.startsWith('Default Switch'))
    expect(row).toMatch(/^Default Switch\s+Internal\s*$/)
    const network = walk.type('pc', 'Get-HnsNetwork')
    expect(network).toMatch(/^Type +: ICS$/m)
    expect(network).toMatch(/^Flags +: 11$/m)
    expect(network).toMatch(/^ID +: C08CB7B8-9B3C-408E-8E30-5E16A3AEB444$/m)
    expect(walk.type('pc', 'Get-NetNat')).toBe('')
    expect(walk.type('pc', "(Get-HnsNetwork | ? Name -eq 'Default Switch').Subnets")).toMatch(
      new RegExp(`^GatewayAddress +: ${hns(walk).gatewayAddress}$`, 'm'),
    )
  })

  it('lists host and guests as adapters; Ubuntu does not report its address', () => {
    const walk = begin()
    const rows = lines(walk.type('pc', 'Get-VMNetworkAdapter -All'))
    const row = (text: string) => rows.find((line) => line.includes(text))
    expect(row('00155D033200')).toMatch(/^Network Adapter\s+False\s+ubuntu1\s+Default Switch\s+00155D033200\s+\{Ok\}\s+\{\}/)
    expect(row('00155D033202')).toContain(`{${ip4(guest(walk, 'win1'))}`)
    expect(rows.filter((line) => /\sTrue\s/.test(line))).toHaveLength(1)
  })

  it('shows three extensions', () => {
    const text = begin().type('pc', 'Get-VMSwitch "Default Switch" | Get-VMSwitchExtension')
    expect([...text.matchAll(/^ExtensionType +: (\w+)$/gm)].map(([, type]) => type).sort()).toEqual([
      'Filter',
      'Filter',
      'Monitoring',
    ])
    expect(text.match(/^Running +: True$/gm)).toHaveLength(3)
  })

  it('does not let its switch be removed', () => {
    const walk = begin()
    const text = walk.type('pc', "Remove-VMSwitch 'Default Switch' -Force")
    expect(text).toContain('Failed while removing virtual Ethernet switch.')
    expect(text).toContain('The automatic Internet Connection Sharing switch cannot be modified.')
    expect(kernel(walk, 'pc').hyperV?.switches()).toHaveLength(1)
  })

  it('listens on UDP 53, 67 and 68 and on no TCP 53', () => {
    const walk = begin()
    const { gatewayAddress } = hns(walk)
    const shared = kernel(walk, 'pc')
      .sockets()
      .filter(({ component }) => component === 'SharedAccess')
      .map(({ protocol, localAddress, localPort, image }) => `${protocol} ${localAddress}:${localPort} ${image}`)
    expect(shared.sort()).toEqual([
      'udp 0.0.0.0:53 svchost.exe',
      `udp ${gatewayAddress}:67 svchost.exe`,
      `udp ${gatewayAddress}:68 svchost.exe`,
    ])
    const text = walk.type('pc', 'netstat -anb')
    expect(text).toMatch(/ {2}UDP {4}0\.0\.0\.0:53 +\*:\* +\n +SharedAccess\n \[svchost\.exe\]\n/)
    expect(text).not.toMatch(/TCP +\S+:53 /)
  })

  it('writes the host and its guests into hosts.ics, with dates', () => {
    const walk = begin()
    const text = walk.type('pc', 'type C:\\Windows\\System32\\drivers\\etc\\hosts.ics')
    const year = (name: string) => Number(new RegExp(`^\\S+ ${name}\\.mshome\\.net # (\\d{4}) `, 'm').exec(text)?.[1])
    expect(year('LABHOST')).toBe(2031)
    for (const name of ['ubuntu1', 'ubuntu2', 'WIN1']) {
      expect(year(name)).toBe(2026)
      expect(text).toContain(`${ip4(guest(walk, name.toLowerCase()))} ${name}.mshome.net # 2026 9 1 21 `)
    }
  })
})

describe('names', () => {
  const server = (walk: Walk) => hns(walk).gatewayAddress

  it('are answered over UDP, not with authority', () => {
    const walk = begin()
    expect(walk.type('win1', `nslookup www.example.co.jp ${server(walk)}`)).toBe(
      [
        'Server:  LABHOST.mshome.net',
        `Address:  ${server(walk)}`,
        '',
        'Non-authoritative answer:',
        'Name:    www.example.co.jp',
        'Addresses:  2001:db8:2::80',
        '          192.0.2.80',
        '',
        '',
      ].join('\n'),
    )
  })

  it('are not answered over TCP', () => {
    const walk = begin()
    expect(walk.type('win1', `nslookup -vc www.example.co.jp ${server(walk)}`)).toMatch(
      new RegExp(
        `^Server:  UnKnown\nAddress:  ${server(walk)}\n\n\\*\\*\\* UnKnown can't find www.example.co.jp: Unspecified error\n`,
      ),
    )
  })

  it('of guests are known to the computer and to each other', () => {
    const walk = begin()
    const address = ip4(guest(walk, 'ubuntu1'))
    const text = walk.type('pc', 'ping ubuntu1.mshome.net')
    expect(text).toContain(`Pinging ubuntu1.mshome.net [${address}] with 32 bytes of data:`)
    expect(text.match(/Reply from .* TTL=64/g)).toHaveLength(4)
    expect(walk.type('ubuntu1', 'ping -c 1 ubuntu2.mshome.net')).toContain(' ttl=64 ')
  })

  it('are found by walking from the root, once', () => {
    const walk = begin()
    const asked = (from: number) => {
      const places = walk.lab.vantages
      return walk.sightings
        .slice(from)
        .filter(({ vantage, direction }) => direction === 'in' && places[vantage].adapter === 'eth0')
        .map(({ vantage }) => places[vantage].machine)
        .filter((name) => ['root-server', 'jp-server', 'authority'].includes(name))
    }
    const first = walk.sightings.length
    walk.type('win1', `nslookup -type=A www.example.co.jp ${server(walk)}`)
    expect(new Set(asked(first))).toEqual(new Set(['root-server', 'jp-server', 'authority']))
    const second = walk.sightings.length
    walk.type('win1', `nslookup -type=A www.example.co.jp ${server(walk)}`)
    expect(asked(second)).toEqual([])
  })
})

describe('reachability', () => {
  it('goes out, through two translations, and each hop takes one from the TTL', () => {
    const text = begin().type('ubuntu1', 'ping -c 2 www.example.com')
    expect(text).toContain('2 packets transmitted, 2 received, 0% packet loss')
    expect(text).toMatch(/icmp_seq=1 ttl=61 /)
  })

  it('shows the computer as first hop and the home router as second', () => {
    const walk = begin()
    const hops = lines(walk.type('win1', 'tracert -d www.example.com')).filter((line) => /^ +\d+ /.test(line))
    expect(hops.map((line) => line.trim().split(/\s+/).at(-1))).toEqual([
      hns(walk).gatewayAddress,
      '192.168.3.1',
      '203.0.113.1',
      '192.0.2.80',
    ])
  })

  it('works from guest to home LAN, as the computer itself, and not the other way', () => {
    const walk = begin()
    const desk = ip4(adapter(walk, 'desk', 'enp3s0'))
    const from = walk.sightings.length
    expect(walk.type('ubuntu1', `ping -c 2 ${desk}`)).toContain(' 0% packet loss')
    const seen = walk.sightings.slice(from).filter(({ vantage, direction }) => {
      const { machine, adapter: name } = walk.lab.vantages[vantage]
      return machine === 'desk' && name === 'enp3s0' && direction === 'in'
    })
    const sources = seen
      .filter(({ bytes }) => bytes[12] === 8 && bytes[13] === 0 && bytes[23] === 1)
      .map(({ bytes }) => bytes.slice(26, 30).join('.'))
    expect(sources).toEqual(['192.168.3.50', '192.168.3.50'])
    expect(walk.type('desk', `ping -c 2 ${ip4(guest(walk, 'ubuntu1'))}`)).toContain(' 100% packet loss')
  })

  it('ends at the firewall for a ping to the gateway itself', () => {
    const walk = begin()
    const from = walk.sightings.length
    expect(walk.type('ubuntu1', `ping -c 1 ${hns(walk).gatewayAddress}`)).toContain(' 100% packet loss')
    expect(walk.sightings.slice(from).some(({ verdict }) => verdict === 'firewall')).toBe(true)
  })
})

describe('uplinks', () => {
  it('are followed by the guests, whose own settings stay', () => {
    const walk = begin()
    const before = guest(walk, 'ubuntu1')
    const ping = () => walk.type('ubuntu1', 'ping -c 2 www.example.com')
    walk.step({ kind: 'unplug', line: 0, link: 'pc-cable' })
    expect(ping()).not.toContain(' 0% packet loss')
    walk.type('pc', 'netsh wlan connect name="HomeNet"')
    expect(ping()).toContain(' 0% packet loss')
    walk.type('pc', 'netsh wlan connect name="Cafe"')
    expect(ip4(adapter(walk, 'pc', 'Wi-Fi'))).toMatch(/^10\.20\.30\.1\d\d$/)
    expect(ping()).toContain(' 0% packet loss')
    expect(guest(walk, 'ubuntu1').addresses).toEqual(before.addresses)
    expect(guest(walk, 'ubuntu1').lease).toEqual(before.lease)
  })

  it('through the VPN bring the names and hosts of the campus, and take them away again', () => {
    const walk = begin()
    const ping = () => walk.type('ubuntu1', 'ping -c 2 intranet.campus.example')
    expect(ping()).toMatch(/Name or service not known/)
    walk.type('pc', 'rasdial "Campus VPN"')
    expect(ping()).toContain('(10.99.1.80)')
    expect(ping()).toContain(' 0% packet loss')
    expect(walk.type('ubuntu1', 'ping -c 2 www.example.com')).toContain(' 0% packet loss')
    walk.type('pc', 'rasdial "Campus VPN" /disconnect')
    expect(ping()).not.toContain(' 0% packet loss')
  })
})

describe('a restart of the computer', () => {
  const restarted = (seed = 1) => {
    const walk = begin(seed)
    const before = {
      network: hns(walk),
      guests: new Map(['ubuntu1', 'ubuntu2', 'win1'].map((name) => [name, guest(walk, name)])),
    }
    const rules = () =>
      (kernel(walk, 'pc').windowsNet?.firewallRules() ?? []).filter(({ displayName }) => displayName.startsWith('HNS'))
    const old = rules()
    walk.type('pc', 'Restart-Computer -Force')
    return { walk, before, old, rules: rules() }
  }

  it.each([1, 2, 3])('moves the switch to another subnet: seed %i', (seed) => {
    const { walk, before } = restarted(seed)
    const now = hns(walk)
    expect(now.addressPrefix).not.toBe(before.network.addressPrefix)
    expect(parseIp(now.gatewayAddress)).toBe(now.prefix.address + 1)
    expect(outcome(walk, 'moved')).toBe('pass')
  })

  it('adds two firewall rules for DNS and keeps the old ones', () => {
    const { old, rules } = restarted()
    const dns = (all: typeof rules) => all.filter(({ displayName }) => displayName.includes('DNS ('))
    expect(dns(old)).toHaveLength(2)
    expect(dns(rules)).toHaveLength(4)
    expect(rules).toHaveLength(old.length + 2)
    expect(
      dns(rules)
        .map(({ protocol }) => protocol)
        .sort(),
    ).toEqual([17, 17, 6, 6])
  })

  it('leaves a saved guest with its old address until it renews, and moves one that was shut down', () => {
    const { walk, before } = restarted()
    const { prefix } = hns(walk)
    expect(ip4(guest(walk, 'ubuntu1'))).toBe(ip4(before.guests.get('ubuntu1') as InterfaceView))
    expect(isIn(ip4(guest(walk, 'ubuntu2')), prefix)).toBe(true)
    expect(outcome(walk, 'guest-lease')).toBe('fail')
    walk.type('ubuntu1', 'sudo networkctl renew eth0')
    walk.type('win1', 'ipconfig /renew')
    for (const name of ['ubuntu1', 'ubuntu2', 'win1']) {
      expect(isIn(ip4(guest(walk, name)), prefix)).toBe(true)
      expect(guest(walk, name).mac).toBe(before.guests.get(name)?.mac)
    }
    expect(walk.type('ubuntu1', 'ping -c 2 www.example.com')).toContain(' 0% packet loss')
    expect(outcome(walk, 'guest-lease')).toBe('pass')
  })
})

describe('without', () => {
  it('DHCP the guests have no lease: Windows helps itself, Ubuntu waits', () => {
    const walk = without('dhcp')
    expect(outcome(walk, 'guest-lease')).toBe('fail')
    expect(outcome(walk, 'guest-reaches-internet')).not.toBe('pass')
    expect(guest(walk, 'ubuntu1').addresses).toEqual([])
    expect(ip4(guest(walk, 'win1'))).toMatch(/^169\.254\./)
  })

  it('DNS the guests have addresses and reach addresses, but no names', () => {
    const walk = without('dns')
    expect(outcome(walk, 'guest-lease')).toBe('pass')
    expect(outcome(walk, 'dns-socket')).toBe('fail')
    expect(outcome(walk, 'dns-over-udp')).toBe('fail')
    expect(outcome(walk, 'guest-reaches-internet')).toBe('fail')
    expect(walk.type('ubuntu1', 'ping -c 1 192.0.2.80')).toContain(' 0% packet loss')
  })

  it('NAT the guests have addresses and names, but reach nothing', () => {
    const walk = without('nat')
    expect(outcome(walk, 'guest-lease')).toBe('pass')
    expect(outcome(walk, 'dns-over-udp')).toBe('pass')
    expect(outcome(walk, 'guest-reaches-internet')).toBe('fail')
    expect(outcome(walk, 'guest-reaches-desk')).toBe('fail')
  })
})
