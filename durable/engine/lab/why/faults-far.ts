// Faults of services, names, translators, firewalls and the Internet in the first lab.
import { adapterWith, defaultSwitchWithout, type Fault, machineWith, powerOff, type } from './fault.ts'

const WWW = '192.0.2.80'
const INTRANET = '10.99.1.80'
const ping = (console: string, to: string): Fault['probe'] => ({
  console,
  line: console === 'pc' || console === 'win1' ? `ping -n 1 ${to}` : `ping -c 1 ${to}`,
})
const named = (console: string): Fault['probe'] => ping(console, 'www.example.com')
const DIAL = 'rasdial "Campus VPN"'

export const farFaults: readonly Fault[] = [
  // Names
  {
    name: 'DNS proxy of the Default Switch off',
    define: defaultSwitchWithout('dns'),
    probe: named('ubuntu1'),
    kind: 'dns-service-off',
    machine: 'pc',
  },
  {
    name: 'DNS rule of the firewall removed',
    steps: [type('pc', "Remove-NetFirewallRule -DisplayName 'HNS Container Networking - DNS (UDP-In)*'")],
    probe: named('ubuntu1'),
    kind: 'firewall',
    machine: 'pc',
  },
  {
    name: 'DNS of the router off',
    define: machineWith('router', () => ({ dns: null })),
    probe: named('desk'),
    kind: 'dns-service-off',
    machine: 'router',
  },
  {
    name: 'wrong DNS server set by hand on pc, where nobody advertises another',
    define: machineWith('router', () => ({ routerAdvertisements: [] })),
    steps: [type('pc', 'Set-DnsClientServerAddress -InterfaceAlias Ethernet -ServerAddresses 192.168.3.99')],
    probe: named('ubuntu1'),
    kind: 'dns-server-wrong',
    machine: 'pc',
  },
  {
    name: 'DNS server set by hand to a web host',
    steps: [type('win1', `Set-DnsClientServerAddress -InterfaceAlias Ethernet -ServerAddresses ${WWW}`)],
    probe: named('win1'),
    kind: 'dns-server-wrong',
    machine: 'win1',
  },
  {
    name: 'wrong DNS server set by hand on desk',
    steps: [type('desk', 'sudo resolvectl dns enp3s0 192.168.3.99')],
    probe: { console: 'desk', line: 'dig www.example.com' },
    kind: 'dns-server-wrong',
    machine: 'desk',
  },
  { name: 'resolver off', steps: [powerOff('resolver')], probe: named('pc'), kind: 'machine-off', machine: 'resolver' },
  {
    name: 'root server off',
    steps: [powerOff('root-server')],
    probe: named('ubuntu1'),
    kind: 'machine-off',
    machine: 'root-server',
  },
  {
    name: 'server of com off',
    steps: [powerOff('tld-server')],
    probe: { console: 'win1', line: 'nslookup www.example.com' },
    kind: 'machine-off',
    machine: 'tld-server',
  },
  { name: 'authority off', steps: [powerOff('authority')], probe: named('desk'), kind: 'machine-off', machine: 'authority' },
  {
    name: 'authority without its zones',
    define: machineWith('authority', ({ dns }) => ({ dns: dns && { ...dns, zones: [] } })),
    probe: named('ubuntu1'),
    kind: 'dns-refused',
    machine: 'authority',
  },
  {
    name: 'a name that does not exist',
    probe: ping('ubuntu1', 'nobody.example.com'),
    kind: 'name-does-not-exist',
    machine: 'authority',
  },
  {
    name: 'a name that does not exist, asked with dig',
    probe: { console: 'desk', line: 'dig www.nowhere.example' },
    kind: 'name-does-not-exist',
    machine: 'tld-server',
  },
  // Translators and forwarding
  {
    name: 'NAT of the Default Switch off',
    define: defaultSwitchWithout('nat'),
    probe: ping('ubuntu1', WWW),
    kind: 'nat-missing',
    machine: 'pc',
  },
  {
    name: 'NAT of the router missing',
    define: machineWith('router', () => ({ nat: null })),
    probe: ping('desk', WWW),
    kind: 'nat-missing',
    machine: 'router',
  },
  {
    name: 'NAT of the router missing, seen from a guest',
    define: machineWith('router', () => ({ nat: null })),
    probe: ping('ubuntu1', WWW),
    kind: 'nat-missing',
    machine: 'router',
  },
  { name: 'a guest asked from outside', probe: ping('desk', '<address:ubuntu1>'), kind: 'behind-nat', machine: 'pc' },
  {
    name: 'forwarding off at the provider',
    define: machineWith('isp', () => ({ forwarding: false })),
    probe: ping('pc', WWW),
    kind: 'forwarding-off',
    machine: 'isp',
  },
  {
    name: 'forwarding off on the router',
    define: machineWith('router', () => ({ forwarding: false })),
    probe: ping('ubuntu1', WWW),
    kind: 'forwarding-off',
    machine: 'router',
  },
  {
    name: 'forwarding off on the computer',
    steps: [{ happens: (lab) => lab.kernel('pc')?.setForwarding(15, false) }],
    probe: ping('ubuntu1', WWW),
    kind: 'forwarding-off',
    machine: 'pc',
  },
  // Firewalls, listeners, headers
  { name: 'echo rule of the computer', probe: ping('ubuntu1', '<gateway:ubuntu1>'), kind: 'firewall', machine: 'pc' },
  { name: 'echo rule of a guest', probe: ping('pc', '<address:win1>'), kind: 'firewall', machine: 'win1' },
  { name: 'web host off', steps: [powerOff('www')], probe: named('ubuntu1'), kind: 'machine-off', machine: 'www' },
  {
    name: 'web host does not answer pings',
    define: machineWith('www', () => ({ answersPing: false })),
    probe: named('pc'),
    kind: 'echo-off',
    machine: 'www',
  },
  {
    name: 'web host without a gateway',
    define: adapterWith('www', 'eth0', { gateway: '' }),
    probe: ping('ubuntu1', WWW),
    kind: 'no-default-route',
    machine: 'www',
  },
  {
    name: 'TCP port closed',
    probe: { console: 'pc', line: `Test-NetConnection ${WWW} -Port 81` },
    kind: 'port-closed',
    machine: 'www',
  },
  {
    name: 'no DNS over TCP',
    probe: { console: 'ubuntu1', line: 'dig +tcp www.example.com @<gateway:ubuntu1>' },
    kind: 'port-closed',
    machine: 'pc',
  },
  {
    name: 'UDP port closed',
    probe: { console: 'desk', line: `dig www.example.com @${WWW}` },
    kind: 'port-closed',
    machine: 'www',
  },
  { name: 'time to live too small', probe: ping('ubuntu1', `-t 2 ${WWW}`), kind: 'ttl-expired', machine: 'router' },
  {
    name: 'too big for the own adapter',
    probe: { console: 'win1', line: `ping -n 1 -f -l 2000 ${WWW}` },
    kind: 'too-big',
    machine: 'win1',
  },
  {
    name: 'too big for the tunnel',
    steps: [type('pc', DIAL)],
    probe: ping('ubuntu1', `-s 1472 -M do ${INTRANET}`),
    kind: 'too-big',
    machine: 'pc',
  },
  // The VPN
  { name: 'VPN not connected, by number', probe: ping('ubuntu1', INTRANET), kind: 'vpn-not-connected', machine: 'pc' },
  {
    name: 'VPN not connected, by name',
    probe: ping('ubuntu1', 'intranet.campus.example'),
    kind: 'vpn-not-connected',
    machine: 'pc',
  },
  {
    name: 'VPN server off',
    steps: [powerOff('campus-vpn')],
    probe: { console: 'pc', line: DIAL },
    kind: 'machine-off',
    machine: 'campus-vpn',
  },
  {
    name: 'VPN password wrong',
    define: machineWith('pc', ({ vpns }) => ({ vpns: vpns.map((vpn) => ({ ...vpn, password: 'wrong' })) })),
    probe: { console: 'pc', line: DIAL },
    kind: 'vpn-refused',
    machine: 'campus-vpn',
  },
  {
    name: 'VPN service missing',
    define: machineWith('campus-vpn', () => ({ vpnServer: null })),
    probe: { console: 'pc', line: DIAL },
    kind: 'port-closed',
    machine: 'campus-vpn',
  },
  {
    name: 'intranet off, VPN connected',
    steps: [type('pc', DIAL), powerOff('intranet')],
    probe: ping('ubuntu1', INTRANET),
    kind: 'machine-off',
    machine: 'intranet',
  },
  {
    name: 'DNS of the campus off, VPN connected',
    steps: [type('pc', DIAL), powerOff('campus-dns')],
    probe: ping('ubuntu1', 'intranet.campus.example'),
    kind: 'machine-off',
    machine: 'campus-dns',
  },
]
