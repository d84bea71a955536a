// What only Windows has of networking, on the imaginary computer; for tests only.
import type { Outcome } from '../../engine/machine/kernel.ts'
import type { KeptItem } from '../../engine/machine/windows/kept-calls.ts'
import type { WindowsNetCalls } from '../../engine/machine/windows/net-calls.ts'
import type { FirewallRuleView } from '../../engine/machine/windows/net-views.ts'
import { LOCAL, POLICY, PROFILES } from '../../engine/service/firewall/profiles.ts'
import { aRule } from '../../engine/service/firewall.ts'
import type { ProxyEntry } from '../../engine/service/port-proxy.ts'

const NETWORK = 'C08CB7B8-9B3C-408E-8E30-5E16A3AEB444'

const rule = (name: string, displayName: string, protocol: number, port: string): FirewallRuleView => ({
  ...aRule({
    name,
    displayName,
    protocol,
    localPorts: [port],
    localAddresses: ['172.27.160.1'],
    interfaceAliases: ['vEthernet (Default Switch)'],
    service: 'SharedAccess',
  }),
  counts: 'yes',
})

export function fakeWindowsNet(note: (what: string) => Outcome): WindowsNetCalls {
  const proxies: ProxyEntry[] = []
  const kept = new Map<string, KeptItem[]>()
  const udp = `HNS Container Networking - DNS (UDP-In) - ${NETWORK} - 0`
  const tcp = `HNS Container Networking - ICS DNS (TCP-In) - ${NETWORK} - 0`
  const rules = [
    rule(udp, udp, 17, '53'),
    rule(tcp, tcp, 6, '53'),
    rule('ICS-DHCP', 'Internet Connection Sharing (DHCP Server-In)', 17, '67'),
  ]
  return {
    netbiosNames: () => [{ name: 'LABHOST', suffix: 0x20, group: false }],
    netbiosCache: () => [],
    flushNetbios: () => void note('flushNetbios'),
    firewallRules: (names) => rules.filter((one) => names === undefined || names.includes(one.name)),
    addFirewallRule: (one) => note(`addFirewallRule ${JSON.stringify(one)}`),
    changeFirewallRule: (name, store, change) => note(`changeFirewallRule ${name} ${store} ${JSON.stringify(change)}`),
    removeFirewallRule: (name, store) => note(`removeFirewallRule ${name} ${store}`),
    firewallProfiles: () => PROFILES.map((name) => ({ name, active: name === 'Public', local: LOCAL, policy: POLICY })),
    setFirewallProfile: (name, change, store) => note(`setFirewallProfile ${name} ${JSON.stringify(change)} ${store}`),
    firewallSettings: () => ({}),
    setFirewallSettings: (change) => note(`setFirewallSettings ${JSON.stringify(change)}`),
    resetFirewall: () => note('resetFirewall'),
    networkCategories: () => [{ interface: 23, category: 'Public', identified: true }],
    portProxies: () => proxies,
    setPortProxy: (entry) => {
      proxies.push(entry)
      return note(`setPortProxy ${JSON.stringify(entry)}`)
    },
    removePortProxy: (ear) =>
      ear.listenPort === 9 ? { ok: false, error: 'not-found' } : note(`removePortProxy ${JSON.stringify(ear)}`),
    resetPortProxies: () => note('resetPortProxies'),
    excludedPorts: () => [
      { first: 5357, last: 5357, administered: false },
      { first: 50_000, last: 50_059, administered: true },
    ],
    excludePorts: (protocol, first, count) => note(`excludePorts ${protocol} ${first} ${count}`),
    includePorts: (protocol, first, count) => note(`includePorts ${protocol} ${first} ${count}`),
    dynamicPorts: () => [49_152, 16_384],
    setDynamicPorts: (protocol, first, count) => note(`setDynamicPorts ${protocol} ${first} ${count}`),
    adapterDetails: () =>
      [23, 15].map((index) => ({
        index,
        properties: {},
        receivedGroup: 0,
        receivedErrors: 0,
        receivedDropped: 0,
        sentErrors: 0,
        sentDropped: 0,
      })),
    renameAdapter: (index, name) => note(`renameAdapter ${index} ${name}`),
    setAdapterMac: (index, mac) => note(`setAdapterMac ${index} ${mac}`),
    setAdapterProperty: (index, keyword, value) => note(`setAdapterProperty ${index} ${keyword} ${value}`),
    shares: () => [
      { name: 'C$', path: 'C:\\', remark: 'Default share', special: true },
      { name: 'Data', path: 'C:\\Data', remark: '', special: false },
    ],
    addShare: (share) => note(`addShare ${JSON.stringify(share)}`),
    removeShare: (name) => note(`removeShare ${name}`),
    usedShares: () => [{ letter: 'Z:', remote: '\\\\LABHOST\\Data', user: 'Student' }],
    useShare: (used) => note(`useShare ${JSON.stringify(used)}`),
    unuseShare: (what) => note(`unuseShare ${what}`),
    smbSessions: () => [],
    packetMonitor: () => ({ running: false, filters: [], counters: [], packets: [], lost: 0, packetSize: 128 }),
    startMonitor: (packetSize) => note(`startMonitor ${packetSize}`),
    stopMonitor: () => note('stopMonitor'),
    addMonitorFilter: (filter) => note(`addMonitorFilter ${JSON.stringify(filter)}`),
    removeMonitorFilters: () => note('removeMonitorFilters'),
    nrptRules: () => [
      { name: '{1}', namespaces: ['.campus.example'], servers: ['192.0.2.53'], displayName: 'Campus', comment: '' },
    ],
    putNrptRule: (one) => note(`putNrptRule ${JSON.stringify(one)}`),
    removeNrptRule: (name) => note(`removeNrptRule ${name}`),
    dnsGlobal: () => ({ suffixes: [], devolution: true, level: 0 }),
    setDnsGlobal: (change) => note(`setDnsGlobal ${JSON.stringify(change)}`),
    dnsConnection: () => ({}),
    setDnsConnection: (index, change) => note(`setDnsConnection ${index} ${JSON.stringify(change)}`),
    findRoute: (remote) =>
      /^[\d.]+$/.test(remote)
        ? {
            source: '192.168.3.50',
            sourceInterface: 23,
            interface: 23,
            gateway: remote.startsWith('192.168.3.') ? '' : '192.168.3.1',
            prefix: remote.startsWith('192.168.3.') ? '192.168.3.0/24' : '0.0.0.0/0',
          }
        : null,
    skippedAsSource: () => [],
    setSkipAsSource: (index, address, skip) => note(`setSkipAsSource ${index} ${address} ${skip}`),
    manualMetrics: () => [],
    setInterfaceMetric: (index, metric) => note(`setInterfaceMetric ${index} ${metric}`),
    weakHost: () => ({ send: false, receive: false }),
    setWeakHost: (index, change) => note(`setWeakHost ${index} ${JSON.stringify(change)}`),
    setSources6: (index, change) => note(`setSources6 ${index} ${JSON.stringify(change)}`),
    setMtu: (index, mtu) => note(`setMtu ${index} ${mtu}`),
    // One of each kind, by the name that tests give everything.
    keptItems: (kind) =>
      kept.get(kind) ?? [{ name: 'vm1', store: 'PersistentStore', props: { DisplayName: 'vm1', Group: 'vm1' } }],
    putKept: (kind, item) => {
      const name = item.name === '' ? '{11111111-1111-4111-8111-111111111111}' : item.name
      const others = (kept.get(kind) ?? []).filter((one) => one.name !== name || one.store !== item.store)
      kept.set(kind, [...others, { ...item, name }])
      return { ...note(`putKept ${kind} ${name}`), value: name } as Outcome
    },
    removeKept: (kind, name, store) => {
      kept.set(
        kind,
        (kept.get(kind) ?? []).filter((one) => one.name !== name || one.store !== store),
      )
      return note(`removeKept ${kind} ${name}`)
    },
    setNetworkCategory: (index, category) => note(`setNetworkCategory ${index} ${category}`),
  }
}
