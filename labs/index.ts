import accessListsBrief from './access-lists/brief.md'
import accessLists from './access-lists/lab.yaml'
import checkpointsBrief from './checkpoints/brief.md'
import checkpoints from './checkpoints/lab.yaml'
import defaultSwitchBrief from './default-switch/brief.md'
import defaultSwitch from './default-switch/lab.yaml'
import internalDhcpBrief from './internal-dhcp/brief.md'
import internalDhcp from './internal-dhcp/lab.yaml'
import lookAroundBrief from './look-around/brief.md'
import lookAround from './look-around/lab.yaml'
import natNetworkBrief from './nat-network/brief.md'
import natNetwork from './nat-network/lab.yaml'
import pinnedDefaultSwitchBrief from './pinned-default-switch/brief.md'
import pinnedDefaultSwitch from './pinned-default-switch/lab.yaml'
import privateVlanBrief from './private-vlan/brief.md'
import privateVlan from './private-vlan/lab.yaml'
import rogueDhcpBrief from './rogue-dhcp/brief.md'
import rogueDhcp from './rogue-dhcp/lab.yaml'
import routerVmBrief from './router-vm/brief.md'
import routerVm from './router-vm/lab.yaml'
import threeMethodsBrief from './three-methods/brief.md'
import threeMethods from './three-methods/lab.yaml'
import vlanBrief from './vlan/brief.md'
import vlan from './vlan/lab.yaml'

export type CatalogueEntry = {
  /** The name of the lab's folder. */
  readonly slug: string
  readonly title: string
  readonly summary: string
  readonly yaml: string
  readonly brief: string
}

/**
 * The labs that can be created by name, in the order of the list. Titles and summaries stand in each lab.yaml too; they are
 * repeated here so that listing the catalogue parses nothing, and a test holds them equal.
 */
export const catalogue: readonly CatalogueEntry[] = [
  {
    slug: 'default-switch',
    title: 'What the Default Switch does',
    summary:
      'A Windows 11 computer at home runs three virtual machines. Nobody has configured their network, and yet it ' +
      'works, over the cable, Wi-Fi, in a café and through a VPN. Find out who hands out the addresses, who answers the' +
      ' names and who rewrites the packets.',
    yaml: defaultSwitch,
    brief: defaultSwitchBrief,
  },
  {
    slug: 'look-around',
    title: 'Look around on an older laptop',
    summary:
      'A laptop with Windows 10, build 18362, and two Ubuntu machines on its Default Switch, as somebody described it ' +
      'in their notes. Follow the notes: adapters, access lists, extensions, neighbours, routes, and who can reach ' +
      'whom.',
    yaml: lookAround,
    brief: lookAroundBrief,
  },
  {
    slug: 'pinned-default-switch',
    title: 'Pin the Default Switch, and lose it',
    summary:
      'People on the Internet say that the address of the Default Switch can be fixed. It can, until the next restart, ' +
      'and not without a price. Do it, find out what stops working, and watch it come undone.',
    yaml: pinnedDefaultSwitch,
    brief: pinnedDefaultSwitchBrief,
  },
  {
    slug: 'nat-network',
    title: 'A NAT network of your own',
    summary:
      'The Default Switch cannot be configured. Build what it does yourself: an internal switch, an address for the ' +
      'computer, a NAT, and two guests that reach the Internet through it. Then publish a service of one of them.',
    yaml: natNetwork,
    brief: natNetworkBrief,
  },
  {
    slug: 'three-methods',
    title: 'Forwarding or translating',
    summary:
      'Two ways to bring the same virtual machine to the other computer at home: passing its packets on as they are, or' +
      " putting the computer's own address on them. See what each asks of the home router, and who sees whom.",
    yaml: threeMethods,
    brief: threeMethodsBrief,
  },
  {
    slug: 'internal-dhcp',
    title: 'A DHCP server for an internal network',
    summary:
      'An internal switch brings a cable to everybody and an address to nobody. Make a Linux machine the DHCP and DNS ' +
      'server of it with dnsmasq, and watch the computer itself become one of its clients.',
    yaml: internalDhcp,
    brief: internalDhcpBrief,
  },
  {
    slug: 'router-vm',
    title: 'A router between two switches',
    summary:
      'Two private switches and a Linux machine with a leg in both. Three things must be right before a packet comes ' +
      'there and back: somebody passes it on, the sender knows its gateway, and the answer knows its way. Take each ' +
      'away once.',
    yaml: routerVm,
    brief: routerVmBrief,
  },
  {
    slug: 'vlan',
    title: 'VLANs on a virtual switch',
    summary:
      'Two Linux machines on a private switch. Put them into a VLAN, first by the switch alone, then with a tag that ' +
      'the guest writes itself, and see what a wrong number looks like: silence.',
    yaml: vlan,
    brief: vlanBrief,
  },
  {
    slug: 'private-vlan',
    title: 'A private VLAN for tenants',
    summary:
      'One server and four tenants on the same switch, in the same subnet. Every tenant is to reach the server; two of ' +
      'them may talk to each other, the other two to nobody else. No router and no firewall is needed for that.',
    yaml: privateVlan,
    brief: privateVlanBrief,
  },
  {
    slug: 'access-lists',
    title: 'Filter a guest at its port',
    summary:
      'A port of the virtual switch can refuse packets before the guest sees them, and the guest cannot turn that off. ' +
      'First by address, then by port and direction with weights, and at last with a rule that remembers who began.',
    yaml: accessLists,
    brief: accessListsBrief,
  },
  {
    slug: 'rogue-dhcp',
    title: 'A rogue DHCP server, and who listens',
    summary:
      'A virtual machine on your switch hands out addresses that nobody asked it to. Stop it where it is plugged in, ' +
      "without touching the machine itself; then let another one listen to somebody's traffic, and stop a false router.",
    yaml: rogueDhcp,
    brief: rogueDhcpBrief,
  },
  {
    slug: 'checkpoints',
    title: 'Checkpoints and integration services',
    summary:
      'Freeze a virtual machine, break its network, and go back. Then take away the small services between host and ' +
      'guest one by one, and see which everyday thing each of them does.',
    yaml: checkpoints,
    brief: checkpointsBrief,
  },
]
