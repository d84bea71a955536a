// A lab that answers from memory: what the console is drawn from while no real one is wanted.
import { dissect } from '../../../durable/engine/wire/dissect.ts'
import type { CheckedReport, GradedCheck } from '../../../durable/grading/report.ts'
import type { CheckResult, PacketDetail, Topology } from '../../../durable/protocol.ts'
import { answer, arp, echo, macs, query } from './frames.ts'

type Node = Topology['nodes'][number]
type Link = Topology['links'][number]

const node = (name: string, label: string, kind: Node['kind'], addresses: string[] = [], more: Partial<Node> = {}): Node => ({
  name,
  label,
  kind,
  inside: null,
  power: 'on',
  console: false,
  addresses,
  os: kind === 'router' ? 'Router' : kind === 'server' ? 'Server' : '',
  ...more,
})
const link = (
  name: string,
  a: string,
  aPort: string,
  b: string,
  kind: Link['kind'] = 'cable',
  more: Partial<Link> = {},
): Link => ({
  name,
  a,
  b,
  aPort,
  bPort: '',
  kind,
  up: true,
  pluggable: kind === 'cable',
  ...more,
})

const inside = { inside: 'pc', console: true, os: 'Ubuntu 24.04' }
export const topology: Topology = {
  now: 12_000_000,
  nodes: [
    node('pc', 'LABHOST', 'computer', ['Ethernet 192.168.3.50/24', 'vEthernet (Default Switch) 172.27.160.1/20'], {
      console: true,
      os: 'Windows 11',
    }),
    node('ubuntu1', 'ubuntu1', 'guest', ['eth0 172.27.163.10/20'], inside),
    node('ubuntu2', 'ubuntu2', 'guest', ['eth0 172.27.164.8/20'], inside),
    node('win1', 'WIN1', 'guest', [], { ...inside, os: 'Windows 11', power: 'off' }),
    node('default-switch', 'Default Switch', 'virtual-switch', [], { inside: 'pc' }),
    node('home-switch', 'Home network', 'switch'),
    node('home-ap', 'Home Wi-Fi', 'access-point', ['HomeNet']),
    node('desk', 'desk', 'computer', [], { console: true, os: 'Ubuntu 24.04' }),
    node('router', 'router', 'router', ['lan 192.168.3.1/24', 'wan 203.0.113.2/29'], { console: true }),
    node('cafe-ap', 'Café Wi-Fi', 'access-point', ['Cafe']),
    node('cafe-router', 'cafe-router', 'router', ['lan 10.20.30.1/24', 'wan 203.0.113.10/29']),
    node('isp', 'isp', 'router', [
      'home 203.0.113.1/29',
      'cafe 203.0.113.9/29',
      'campus 203.0.113.17/29',
      'exchange 198.51.100.1/24',
      'hosting 192.0.2.1/24',
    ]),
    node('exchange', 'Internet exchange', 'switch'),
    node('resolver', 'resolver', 'server', ['eth0 198.51.100.53/24']),
    node('root-server', 'root-server', 'server', ['eth0 198.51.100.4/24']),
    node('tld-server', 'tld-server', 'server', ['eth0 198.51.100.12/24']),
    node('hosting', 'Data centre', 'switch'),
    node('jp-server', 'jp-server', 'server', ['eth0 192.0.2.12/24']),
    node('authority', 'authority', 'server', ['eth0 192.0.2.53/24']),
    node('www', 'www', 'server', ['eth0 192.0.2.80/24']),
    node('campus-vpn', 'campus-vpn', 'router', ['wan 203.0.113.18/29', 'lan 10.99.1.1/24']),
    node('campus-switch', 'Campus network', 'switch'),
    node('campus-dns', 'campus-dns', 'server', ['eth0 10.99.1.53/24']),
    node('intranet', 'intranet', 'server', ['eth0 10.99.1.80/24']),
  ],
  links: [
    link('port1', 'ubuntu1', 'eth0', 'default-switch', 'vmbus'),
    link('port2', 'ubuntu2', 'eth0', 'default-switch', 'vmbus'),
    link('port3', 'win1', 'Ethernet', 'default-switch', 'vmbus', { up: false }),
    link('port0', 'pc', 'vEthernet (Default Switch)', 'default-switch', 'vmbus'),
    link('pc-cable', 'pc', 'Ethernet', 'home-switch'),
    link('pc-home-ap', 'pc', 'Wi-Fi', 'home-ap', 'radio', { up: false }),
    link('pc-cafe-ap', 'pc', 'Wi-Fi', 'cafe-ap', 'radio', { up: false }),
    link('desk-cable', 'desk', 'enp3s0', 'home-switch', 'cable', { up: false }),
    link('home-ap-cable', 'home-ap', '', 'home-switch'),
    link('router-cable', 'router', 'lan', 'home-switch'),
    link('home-line', 'router', 'wan', 'isp', 'cable', { bPort: 'home' }),
    link('cafe-ap-cable', 'cafe-ap', '', 'cafe-router', 'cable', { bPort: 'lan' }),
    link('cafe-line', 'cafe-router', 'wan', 'isp', 'cable', { bPort: 'cafe' }),
    link('campus-line', 'campus-vpn', 'wan', 'isp', 'cable', { bPort: 'campus' }),
    link('campus-vpn-cable', 'campus-vpn', 'lan', 'campus-switch'),
    link('campus-dns-cable', 'campus-dns', 'eth0', 'campus-switch'),
    link('intranet-cable', 'intranet', 'eth0', 'campus-switch'),
    link('exchange-line', 'isp', 'exchange', 'exchange'),
    link('hosting-line', 'isp', 'hosting', 'hosting'),
    link('resolver-cable', 'resolver', 'eth0', 'exchange'),
    link('root-cable', 'root-server', 'eth0', 'exchange'),
    link('tld-cable', 'tld-server', 'eth0', 'exchange', 'cable', { up: false }),
    link('jp-cable', 'jp-server', 'eth0', 'hosting'),
    link('authority-cable', 'authority', 'eth0', 'hosting'),
    link('www-cable', 'www', 'eth0', 'hosting'),
    link('vpn', 'pc', 'Campus VPN', 'campus-vpn', 'tunnel'),
  ],
}

const inner = { fromMac: macs.vm1, toMac: macs.gateway, from: '172.27.163.10' }
const outer = { fromMac: macs.host, toMac: macs.router, from: '192.168.3.50', to: '192.0.2.80' }
const innerBack = { fromMac: macs.gateway, toMac: macs.vm1, to: '172.27.163.10' }
const web = '192.0.2.80'

const seen: readonly [
  packet: number,
  where: string,
  direction: 'in' | 'out',
  frame: Uint8Array,
  verdict?: string,
  sentence?: string,
][] = [
  [1, 'ubuntu1 / eth0', 'out', arp(1, { ...inner, to: '172.27.160.1' })],
  [1, 'pc / vEthernet (Default Switch)', 'in', arp(1, { ...inner, to: '172.27.160.1' }), 'delivered'],
  [
    1,
    'ubuntu2 / eth0',
    'in',
    arp(1, { ...inner, to: '172.27.160.1' }),
    'not-for-us',
    'The request asks for somebody else’s address.',
  ],
  [2, 'pc / vEthernet (Default Switch)', 'out', arp(2, { ...innerBack, from: '172.27.160.1' })],
  [2, 'ubuntu1 / eth0', 'in', arp(2, { ...innerBack, from: '172.27.160.1' }), 'delivered'],
  [3, 'ubuntu1 / eth0', 'out', query('www.example.com', { ...inner, to: '172.27.160.1' })],
  [4, 'ubuntu1 / eth0', 'in', answer('www.example.com', web, { ...innerBack, from: '172.27.160.1' }), 'delivered'],
  ...[1, 2, 3].flatMap((n): (typeof seen)[number][] => [
    [10 + n, 'ubuntu1 / eth0', 'out', echo(false, n, { ...inner, to: web })],
    [10 + n, 'pc / Ethernet', 'out', echo(false, n, outer, 63), 'sent'],
    [
      20 + n,
      'pc / Ethernet',
      'in',
      echo(true, n, { fromMac: macs.router, toMac: macs.host, from: web, to: outer.from }, 61),
      'forwarded',
    ],
    [20 + n, 'ubuntu1 / eth0', 'in', echo(true, n, { ...innerBack, from: web }, 60), 'delivered'],
  ]),
  [
    31,
    'pc / Ethernet',
    'in',
    echo(false, 9, { fromMac: macs.router, toMac: macs.host, from: '192.168.3.77', to: '172.27.163.10' }),
    'firewall',
    'The firewall has no rule that admits this packet.',
  ],
]

export const packets: readonly PacketDetail[] = seen.map(
  ([packet, where, direction, frame, verdict = 'sent', verdictText = ''], sequence) => {
    const { layers, source, destination, protocol, info } = dissect(frame)
    return {
      sequence,
      time: 12_000_000 + sequence * 1_337,
      ...{ packet, cause: 0, command: 1, where, direction, verdict, verdictText, source, destination, protocol, info },
      length: frame.length,
      bytes: Buffer.from(frame).toString('hex'),
      layers: layers.map((one) => ({
        ...one,
        fields: one.fields.map(({ name, value, from, to }) => ({ name, value, from, to })),
      })),
    }
  },
)

const graded = (result: CheckResult): GradedCheck => ({
  ...result,
  hints: { taken: 0, of: 0, cost: 0 },
  expected: null,
  evidence: { trial: result.trial, packets: [], rows: [], lines: [], at: 12_000_000 },
})

const results: readonly CheckResult[] = [
  {
    id: 'lease',
    title: 'ubuntu1 has a lease from the Default Switch',
    outcome: 'pass',
    points: 10,
    of: 10,
    message: '',
    packets: [1, 2],
    trial: false,
  },
  {
    id: 'dns',
    title: 'The host answers DNS over UDP',
    outcome: 'pass',
    points: 5,
    of: 5,
    message: 'Asked www.example.com, answered 192.0.2.80.',
    packets: [3, 4],
    trial: false,
  },
  {
    id: 'tcp',
    title: 'You have shown that DNS over TCP is refused',
    outcome: 'fail',
    points: 0,
    of: 15,
    message: 'No connection attempt to TCP port 53 has been seen. nslookup has an option for it.',
    packets: [],
    trial: false,
  },
  {
    id: 'moved',
    title: 'The subnet moves at a restart',
    outcome: 'could-not-run',
    points: 0,
    of: 10,
    message: 'The computer has not been restarted yet.',
    packets: [],
    trial: true,
  },
]

export const report: CheckedReport = { score: 15, of: 40, results: results.map(graded) }

export const brief = `# The Default Switch

Every Windows computer with Hyper-V has a switch that nobody made. You find out what it does, and from what.

## Look around

1. On **LABHOST**, list the virtual switches. Which type has the *Default Switch*?

   \`\`\`powershell
   Get-VMSwitch
   \`\`\`
2. Find its address on the host with \`ipconfig /all\`. Is the address given by DHCP?
3. See who listens on UDP ports 53, 67 and 68:

   \`\`\`powershell
   netstat -anb
   \`\`\`

## From a guest

4. On **ubuntu1**, show the address and the neighbours.

   \`\`\`bash
   ip neigh
   \`\`\`
5. Ping \`www.example.com\` and follow one echo request through the NAT: which fields change?
6. Restart the computer. What has moved, and what has not?

| Place | Expect |
| --- | --- |
| guest | a lease from the host |
| home network | only the host's address |
`

export const scrollback: Record<string, string> = {
  pc: `Windows PowerShell
Copyright (C) Microsoft Corporation. All rights reserved.

PS C:\\Users\\student> Get-VMSwitch

Name           SwitchType NetAdapterInterfaceDescription
----           ---------- ------------------------------
Default Switch Internal

`,
  ubuntu1: '',
  ubuntu2: '',
  win1: '',
  desk: '',
}

export const prompts: Record<string, string> = {
  pc: 'PS C:\\Users\\student> ',
  ubuntu1: 'student@ubuntu1:~$ ',
  ubuntu2: 'student@ubuntu2:~$ ',
  win1: 'PS C:\\Users\\student> ',
  desk: 'student@desk:~$ ',
}

export const pingOutput = `PING www.example.com (192.0.2.80) 56(84) bytes of data.
64 bytes from 192.0.2.80: icmp_seq=1 ttl=60 time=11.2 ms
64 bytes from 192.0.2.80: icmp_seq=2 ttl=60 time=11.2 ms
64 bytes from 192.0.2.80: icmp_seq=3 ttl=60 time=11.2 ms

--- www.example.com ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 2003ms
`
