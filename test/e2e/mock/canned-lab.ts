// A lab that answers from memory: what the console is drawn from while no real one is wanted.
import { dissect } from '../../../durable/engine/wire/dissect.ts'
import type { CheckReport, PacketDetail, Topology } from '../../../durable/protocol.ts'
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
  os: kind === 'router' ? 'router' : kind === 'server' ? 'server' : '',
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
  pluggable: kind === 'cable' && !name.startsWith('isp'),
  ...more,
})

const inside = { inside: 'labhost', console: true, os: 'ubuntu-24.04' }
export const topology: Topology = {
  now: 12_000_000,
  nodes: [
    node('labhost', 'LABHOST', 'computer', ['Ethernet 192.168.3.50/24', 'vEthernet (Default Switch) 172.27.160.1/20'], {
      console: true,
      os: 'windows-11',
    }),
    node('vm1', 'vm1', 'guest', ['eth0 172.27.163.10/20'], inside),
    node('vm2', 'vm2', 'guest', ['eth0 172.27.164.8/20'], inside),
    node('win1', 'WIN1', 'guest', [], { ...inside, os: 'windows-11', power: 'off' }),
    node('default-switch', 'Default Switch', 'virtual-switch', [], { inside: 'labhost' }),
    node('home-switch', 'Home switch', 'switch'),
    node('home-wifi', 'Home Wi-Fi', 'access-point'),
    node('deskpc', 'DESKPC', 'computer', ['Ethernet 192.168.3.77/24'], { console: true, os: 'windows-11' }),
    node('home-router', 'Home router', 'router', ['LAN 192.168.3.1/24', 'WAN 203.0.113.20/24']),
    node('cafe-wifi', 'Café Wi-Fi', 'access-point'),
    node('cafe-router', 'Café router', 'router', ['LAN 10.20.0.1/24', 'WAN 203.0.113.40/24']),
    node('internet', 'Internet', 'switch'),
    node('resolver', 'resolver', 'server', ['eth0 203.0.113.53/24']),
    node('root-dns', 'root server', 'server', ['eth0 198.51.100.4/24']),
    node('web', 'www.example.com', 'server', ['eth0 198.51.100.80/24']),
    node('campus', 'Campus VPN', 'router', ['WAN 203.0.113.99/24', 'LAN 10.99.0.1/16']),
  ],
  links: [
    link('vm1-port', 'vm1', 'eth0', 'default-switch', 'vmbus'),
    link('vm2-port', 'vm2', 'eth0', 'default-switch', 'vmbus'),
    link('win1-port', 'win1', 'Ethernet', 'default-switch', 'vmbus', { up: false }),
    link('host-port', 'labhost', 'vEthernet (Default Switch)', 'default-switch', 'vmbus'),
    link('host-cable', 'labhost', 'Ethernet', 'home-switch'),
    link('host-wifi', 'labhost', 'Wi-Fi', 'home-wifi', 'radio', { up: false }),
    link('host-cafe', 'labhost', 'Wi-Fi', 'cafe-wifi', 'radio', { up: false }),
    link('desk-cable', 'deskpc', 'Ethernet', 'home-switch', 'cable', { up: false }),
    link('router-cable', 'home-router', 'LAN', 'home-switch'),
    link('wifi-cable', 'home-wifi', 'port', 'home-router'),
    link('isp-home', 'home-router', 'WAN', 'internet'),
    link('cafe-cable', 'cafe-wifi', 'port', 'cafe-router'),
    link('isp-cafe', 'cafe-router', 'WAN', 'internet'),
    link('isp-resolver', 'internet', 'port', 'resolver'),
    link('isp-root', 'internet', 'port', 'root-dns'),
    link('isp-web', 'internet', 'port', 'web'),
    link('isp-campus', 'internet', 'port', 'campus'),
  ],
}

const inner = { fromMac: macs.vm1, toMac: macs.gateway, from: '172.27.163.10' }
const outer = { fromMac: macs.host, toMac: macs.router, from: '192.168.3.50', to: '198.51.100.80' }
const innerBack = { fromMac: macs.gateway, toMac: macs.vm1, to: '172.27.163.10' }
const web = '198.51.100.80'

const seen: readonly [
  packet: number,
  where: string,
  direction: 'in' | 'out',
  frame: Uint8Array,
  verdict?: string,
  sentence?: string,
][] = [
  [1, 'vm1 / eth0', 'out', arp(1, { ...inner, to: '172.27.160.1' })],
  [1, 'labhost / vEthernet (Default Switch)', 'in', arp(1, { ...inner, to: '172.27.160.1' }), 'delivered'],
  [
    1,
    'vm2 / eth0',
    'in',
    arp(1, { ...inner, to: '172.27.160.1' }),
    'not-for-us',
    'The request asks for somebody else’s address.',
  ],
  [2, 'labhost / vEthernet (Default Switch)', 'out', arp(2, { ...innerBack, from: '172.27.160.1' })],
  [2, 'vm1 / eth0', 'in', arp(2, { ...innerBack, from: '172.27.160.1' }), 'delivered'],
  [3, 'vm1 / eth0', 'out', query('www.example.com', { ...inner, to: '172.27.160.1' })],
  [4, 'vm1 / eth0', 'in', answer('www.example.com', web, { ...innerBack, from: '172.27.160.1' }), 'delivered'],
  ...[1, 2, 3].flatMap((n): (typeof seen)[number][] => [
    [10 + n, 'vm1 / eth0', 'out', echo(false, n, { ...inner, to: web })],
    [10 + n, 'labhost / Ethernet', 'out', echo(false, n, outer, 63), 'sent'],
    [
      20 + n,
      'labhost / Ethernet',
      'in',
      echo(true, n, { fromMac: macs.router, toMac: macs.host, from: web, to: outer.from }, 61),
      'forwarded',
    ],
    [20 + n, 'vm1 / eth0', 'in', echo(true, n, { ...innerBack, from: web }, 60), 'delivered'],
  ]),
  [
    31,
    'labhost / Ethernet',
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

export const report: CheckReport = {
  score: 15,
  of: 40,
  results: [
    {
      id: 'lease',
      title: 'vm1 has a lease from the Default Switch',
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
      message: 'Asked www.example.com, answered 198.51.100.80.',
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
  ],
}

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

4. On **vm1**, show the address and the neighbours.

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
  labhost: `Windows PowerShell
Copyright (C) Microsoft Corporation. All rights reserved.

PS C:\\Users\\student> Get-VMSwitch

Name           SwitchType NetAdapterInterfaceDescription
----           ---------- ------------------------------
Default Switch Internal

`,
  vm1: '',
  vm2: '',
  win1: '',
  deskpc: '',
}

export const prompts: Record<string, string> = {
  labhost: 'PS C:\\Users\\student> ',
  vm1: 'student@vm1:~$ ',
  vm2: 'student@vm2:~$ ',
  win1: 'PS C:\\Users\\student> ',
  deskpc: 'PS C:\\Users\\student> ',
}

export const pingOutput = `PING www.example.com (198.51.100.80) 56(84) bytes of data.
64 bytes from 198.51.100.80: icmp_seq=1 ttl=60 time=11.2 ms
64 bytes from 198.51.100.80: icmp_seq=2 ttl=60 time=11.2 ms
64 bytes from 198.51.100.80: icmp_seq=3 ttl=60 time=11.2 ms

--- www.example.com ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 2003ms
`
