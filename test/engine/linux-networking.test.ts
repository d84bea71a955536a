// Linux machines as router, bridge, firewall and VLAN trunk end, from what is typed; and the three pieces of forwarding
// (fact sheet 1.4), each failing alone with its own symptom.
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { Lab } from '../../durable/engine/lab/lab.ts'
import { whyNothing } from '../../durable/engine/lab/why/index.ts'
import { shells } from '../../durable/runtime.ts'

const YAML = `title: three networks
summary: a guest behind a host behind a gateway
starts: 2026-01-01T00:00:00+00:00
machines:
  guest:
    os: ubuntu-24.04
    role: computer
    adapters: { eth0: { address: 10.8.0.2/24, gateway: 10.8.0.1 } }
  host:
    os: ubuntu-24.04
    role: computer
    adapters:
      eth0: { address: 10.8.0.1/24 }
      eth1: { address: 192.168.3.5/24, gateway: 192.168.3.1 }
  gateway:
    os: ubuntu-24.04
    role: computer
    adapters: { eth0: { address: 192.168.3.1/24 } }
cables:
  - { between: [guest/eth0, host/eth0] }
  - { between: [host/eth1, gateway/eth0] }
`

class Net {
  readonly lab: Lab
  private command = 0
  constructor(stored?: ConstructorParameters<typeof Lab>[3]) {
    const parsed = parseDefinition(YAML)
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
    this.lab = new Lab(parsed.definition, 1, shells, stored)
    this.command = stored ? 100 : 0
  }
  type(machine: string, line: string) {
    const from = this.lab.nextSighting
    const result = this.lab.exec(machine, line, ++this.command)
    return { ...result, command: this.command, sightings: this.lab.sightings(from), line, machine }
  }
  root(machine: string, ...lines: readonly string[]): string {
    return lines
      .map((line) => {
        const { output, exitStatus } = this.type(machine, `sudo ${line}`)
        expect(exitStatus, `${line}: ${output}`).toBe(0)
        return output
      })
      .join('')
  }
  /** Host forwarding, and the gateway's way back; the guest's gateway stands in the definition. */
  forwarding(): this {
    this.root('host', 'sysctl -w net.ipv4.ip_forward=1')
    this.root('gateway', 'ip route add 10.8.0.0/24 via 192.168.3.5')
    return this
  }
}

const LOSS = /3 packets transmitted, 0 received, 100% packet loss/
const FINE = /3 packets transmitted, 3 received, 0% packet loss/
const PING = 'ping -c 3 -i 0.2 -W 1 192.168.3.1'

function why(net: Net, ran: ReturnType<Net['type']>) {
  const { lab } = net
  const journal = [{ id: ran.command, console: ran.machine, line: ran.line }]
  const history = { sightings: ran.sightings, vantages: lab.vantages, journal, definition: lab.definition, lab }
  return whyNothing(history, ran.command, { output: ran.output, exitStatus: ran.exitStatus ?? null, unsettled: [] })
}

describe('the three pieces of forwarding', () => {
  it('together they work, both ways', () => {
    const net = new Net().forwarding()
    expect(net.type('guest', PING).output).toMatch(FINE)
    expect(net.type('gateway', 'ping -c 3 -i 0.2 10.8.0.2').output).toMatch(FINE)
  })

  it('without host forwarding nothing gets beyond the host', () => {
    const net = new Net().forwarding()
    net.root('host', 'sysctl -w net.ipv4.ip_forward=0')
    const ran = net.type('guest', PING)
    expect(ran.output).toMatch(LOSS)
    expect(ran.sightings.some((seen) => seen.verdict === 'not-forwarding')).toBe(true)
    expect(net.type('guest', 'ping -c 1 10.8.0.1').output).toContain(' 0% packet loss')
    expect(why(net, ran).causes[0]?.cause).toMatchObject({ kind: 'forwarding-off', machine: 'host' })
  })

  it('without a gateway the guest cannot even send', () => {
    const net = new Net().forwarding()
    net.root('guest', 'ip route del default')
    const ran = net.type('guest', PING)
    expect(ran.output).toBe('ping: connect: Network is unreachable\n')
    expect(why(net, ran).causes[0]?.cause).toMatchObject({ machine: 'guest' })
  })

  it('with its last address a device loses the routes over it, and only then', () => {
    const net = new Net()
    net.root('guest', 'ip addr add 10.8.0.3/24 dev eth0', 'ip addr del 10.8.0.2/24 dev eth0')
    expect(net.type('guest', 'ip route').output).toContain('default via 10.8.0.1 dev eth0')
    net.root('guest', 'ip addr flush dev eth0')
    expect(net.type('guest', 'ip route').output).toBe('')
    net.root('guest', 'ip addr add 10.8.0.2/24 dev eth0', 'ip route add default via 10.8.0.1')
    expect(net.type('guest', 'ping -c 1 10.8.0.1').output).toContain(' 0% packet loss')
  })

  it('without the way back packets arrive and answers do not leave', () => {
    const net = new Net().forwarding()
    net.root(
      'gateway',
      'ip route del 10.8.0.0/24',
      'sysctl -w net.ipv4.conf.all.rp_filter=0',
      'sysctl -w net.ipv4.conf.eth0.rp_filter=0',
    )
    const ran = net.type('guest', PING)
    expect(ran.output).toMatch(LOSS)
    const places = net.lab.vantages
    const arrived = ran.sightings.filter(
      (seen) => places[seen.vantage]?.machine === 'gateway' && seen.direction === 'in' && seen.verdict === 'delivered',
    )
    expect(arrived.length).toBeGreaterThanOrEqual(3)
    net.root('host', 'iptables -t nat -A POSTROUTING -o eth1 -s 10.8.0.0/24 -j MASQUERADE')
    expect(net.type('guest', PING).output).toMatch(FINE)
  })

  it('the reverse path filter of a machine without a way back says so', () => {
    const net = new Net().forwarding()
    net.root('gateway', 'ip route del 10.8.0.0/24')
    const ran = net.type('guest', PING)
    expect(ran.output).toMatch(LOSS)
    expect(ran.sightings.some((seen) => seen.verdict === 'reverse-path' && seen.detail.includes('no route leads back'))).toBe(
      true,
    )
    expect(why(net, ran).causes[0]?.cause).toMatchObject({ kind: 'reverse-path', machine: 'gateway' })
  })
})

describe('netfilter', () => {
  it('a drop names table, chain and rule, and why tells them', () => {
    const net = new Net().forwarding()
    net.root(
      'host',
      'iptables -N lan',
      'iptables -A FORWARD -i eth0 -j lan',
      'iptables -A lan -p tcp -j ACCEPT',
      'iptables -A lan -p icmp -j DROP',
    )
    const ran = net.type('guest', PING)
    expect(ran.output).toMatch(LOSS)
    expect(ran.sightings.find((seen) => seen.verdict === 'netfilter')?.detail).toBe('table filter, chain lan, rule 2 (DROP)')
    expect(why(net, ran).causes[0]?.cause).toMatchObject({
      kind: 'firewall',
      machine: 'host',
      detail: 'table filter, chain lan, rule 2 (DROP)',
    })
    expect(net.root('host', 'iptables -L lan -n -v')).toMatch(/^ +3 +252 DROP/m)
  })

  it('lets in answers only: a stateful firewall; conntrack shows the flow', () => {
    const net = new Net().forwarding()
    net.root(
      'host',
      'iptables -P FORWARD DROP',
      'iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
      'iptables -A FORWARD -i eth0 -m conntrack --ctstate NEW -j ACCEPT',
    )
    expect(net.type('guest', PING).output).toMatch(FINE)
    const back = net.type('gateway', 'ping -c 1 -W 1 10.8.0.2')
    expect(back.output).toContain('100% packet loss')
    expect(back.sightings.find((seen) => seen.verdict === 'netfilter')?.detail).toBe('table filter, chain FORWARD, policy DROP')
    expect(net.root('host', 'conntrack -L -p icmp')).toMatch(
      /icmp +1 \d+ src=10\.8\.0\.2 dst=192\.168\.3\.1 type=8 code=0 id=\d+ src=192\.168\.3\.1 dst=10\.8\.0\.2 type=0/,
    )
  })

  it('REJECT is heard, in its own words', () => {
    const net = new Net().forwarding()
    net.root('host', 'iptables -A FORWARD -p icmp -j REJECT')
    expect(net.type('guest', 'ping -c 1 192.168.3.1').output).toContain('From 10.8.0.1 icmp_seq=1 Destination Port Unreachable')
    net.root('gateway', 'iptables -A OUTPUT -d 192.168.3.5 -j DROP')
    expect(net.type('gateway', 'ping -c 1 -W 1 192.168.3.5').output).toMatch(/100% packet loss|Operation not permitted/)
  })
})

describe('devices', () => {
  it('a VLAN trunk end: tagged on the wire, untagged above', () => {
    const net = new Net()
    for (const [machine, last] of [
      ['guest', 2],
      ['host', 1],
    ] as const)
      net.root(
        machine,
        'ip link add link eth0 name eth0.10 type vlan id 10',
        'ip link set eth0.10 up',
        `ip addr add 10.10.0.${last}/24 dev eth0.10`,
      )
    const ran = net.type('guest', 'ping -c 3 -i 0.2 10.10.0.1')
    expect(ran.output).toMatch(FINE)
    const places = net.lab.vantages
    const at = (adapter: string) =>
      ran.sightings.filter(
        (seen) =>
          places[seen.vantage]?.machine === 'guest' && places[seen.vantage]?.adapter === adapter && seen.direction === 'out',
      )
    expect(at('eth0').every(({ bytes }) => bytes[12] === 0x81 && bytes[13] === 0 && ((bytes[14] << 8) | bytes[15]) === 10)).toBe(
      true,
    )
    expect(at('eth0.10').length).toBeGreaterThanOrEqual(3)
    expect(at('eth0.10').every(({ bytes }) => bytes[12] === 0x08)).toBe(true)
  })

  it('a bridge joins two cables, and learns who is where', () => {
    const net = new Net()
    net.root(
      'host',
      'ip addr flush dev eth0',
      'ip addr flush dev eth1',
      'ip link add br0 type bridge',
      'ip link set eth0 master br0',
      'ip link set eth1 master br0',
      'ip link set br0 up',
    )
    net.root('guest', 'ip addr add 192.168.3.20/24 dev eth0')
    expect(net.type('guest', PING).output).toMatch(FINE)
    const learned = net
      .root('host', 'bridge fdb show br br0')
      .split('\n')
      .filter((line) => /master br0$/.test(line))
    expect(learned.map((line) => line.split(' ')[2]).sort()).toEqual(['eth0', 'eth1'])
  })

  it('a restart keeps what is configured, and nothing else', () => {
    const net = new Net()
    net.root(
      'host',
      'ip link add br0 type bridge',
      'ip addr add 10.99.0.1/24 dev eth0',
      'ip route add 10.50.0.0/16 via 10.8.0.2',
      'iptables -P INPUT DROP',
      'sysctl -w net.ipv4.ip_forward=1',
      'ip rule add from 10.0.0.0/8 table 7',
    )
    net.type('host', 'echo net.ipv4.ip_default_ttl=77 | sudo tee /etc/sysctl.conf')
    net.type('host', 'sudo reboot')
    expect(net.type('host', 'ip -4 -br addr').output).toBe(
      'lo               UNKNOWN        127.0.0.1/8 \neth0             UP             10.8.0.1/24 \neth1             UP             192.168.3.5/24 \n',
    )
    expect(net.type('host', 'ip route').output).not.toContain('10.50')
    expect(net.root('host', 'iptables -S')).toContain('-P INPUT ACCEPT')
    expect(net.root('host', 'sysctl -n net.ipv4.ip_forward net.ipv4.ip_default_ttl')).toBe('0\n77\n')
    expect(net.type('host', 'ip rule').output.split('\n')).toHaveLength(4)
  })
})

it('all of it is put away and back in the middle of a ping, and goes on alike', () => {
  const set = (net: Net) => {
    net.forwarding()
    net.root(
      'host',
      'iptables -t nat -A POSTROUTING -o eth1 -j MASQUERADE',
      'iptables -A FORWARD -m limit --limit 2/second -j ACCEPT',
      'iptables -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT',
    )
    net.root(
      'guest',
      'ip link add link eth0 name eth0.10 type vlan id 10',
      'ip link add br0 type bridge',
      'ip link set eth0.10 master br0',
      'ip link set eth0.10 up',
      'ip link set br0 up',
    )
    return net
  }
  const first = set(new Net())
  expect(first.type('guest', PING).output).toMatch(FINE)
  const second = new Net(JSON.parse(JSON.stringify(first.lab.save())))
  const rest = (net: Net) => [
    net.type('guest', PING).output,
    net.root('host', 'conntrack -L', 'iptables -L -n -v -t nat', 'iptables -S', 'ip -s link'),
    net.root('guest', 'ip link', 'ip link add v0 type veth peer name v1', 'ip link', 'bridge link'),
  ]
  const strip = (texts: readonly string[]) => texts.map((text) => text.replace(/pid=\d+/g, ''))
  expect(strip(rest(second))).toEqual(strip(rest(first)))
})
