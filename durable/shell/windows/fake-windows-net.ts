// What only Windows has of networking, on the imaginary computer; for tests only.
import type { Outcome } from '../../engine/machine/kernel.ts'
import type { WindowsNetCalls } from '../../engine/machine/windows/net-calls.ts'
import type { FirewallRuleView } from '../../engine/machine/windows/net-views.ts'
import { LOCAL, POLICY, PROFILES } from '../../engine/service/firewall/profiles.ts'
import { aRule } from '../../engine/service/firewall.ts'

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
  const udp = `HNS Container Networking - DNS (UDP-In) - ${NETWORK} - 0`
  const tcp = `HNS Container Networking - ICS DNS (TCP-In) - ${NETWORK} - 0`
  const rules = [
    rule(udp, udp, 17, '53'),
    rule(tcp, tcp, 6, '53'),
    rule('ICS-DHCP', 'Internet Connection Sharing (DHCP Server-In)', 17, '67'),
  ]
  return {
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
    setNetworkCategory: (index, category) => note(`setNetworkCategory ${index} ${category}`),
  }
}
