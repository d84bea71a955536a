import accessListsBrief from './access-lists/brief.md'
import accessLists from './access-lists/lab.yaml'
import checkpointsBrief from './checkpoints/brief.md'
import checkpoints from './checkpoints/lab.yaml'
import clashingMacsBrief from './clashing-macs/brief.md'
import clashingMacs from './clashing-macs/lab.yaml'
import defaultSwitchBrief from './default-switch/brief.md'
import defaultSwitch from './default-switch/lab.yaml'
import defaultSwitchDetectiveBrief from './default-switch-detective/brief.md'
import defaultSwitchDetective from './default-switch-detective/lab.yaml'
import dhcpByHandBrief from './dhcp-by-hand/brief.md'
import dhcpByHand from './dhcp-by-hand/lab.yaml'
import externalSwitchBrief from './external-switch/brief.md'
import externalSwitch from './external-switch/lab.yaml'
import internalDhcpBrief from './internal-dhcp/brief.md'
import internalDhcp from './internal-dhcp/lab.yaml'
import lookAroundBrief from './look-around/brief.md'
import lookAround from './look-around/lab.yaml'
import natNetworkBrief from './nat-network/brief.md'
import natNetwork from './nat-network/lab.yaml'
import nestedBrief from './nested/brief.md'
import nested from './nested/lab.yaml'
import noNetworkBrief from './no-network/brief.md'
import noNetwork from './no-network/lab.yaml'
import oneWayTrafficBrief from './one-way-traffic/brief.md'
import oneWayTraffic from './one-way-traffic/lab.yaml'
import pinnedDefaultSwitchBrief from './pinned-default-switch/brief.md'
import pinnedDefaultSwitch from './pinned-default-switch/lab.yaml'
import privateVlanBrief from './private-vlan/brief.md'
import privateVlan from './private-vlan/lab.yaml'
import publishByPortproxyBrief from './publish-by-portproxy/brief.md'
import publishByPortproxy from './publish-by-portproxy/lab.yaml'
import rogueDhcpBrief from './rogue-dhcp/brief.md'
import rogueDhcp from './rogue-dhcp/lab.yaml'
import routerVmBrief from './router-vm/brief.md'
import routerVm from './router-vm/lab.yaml'
import threeMethodsBrief from './three-methods/brief.md'
import threeMethods from './three-methods/lab.yaml'
import threeSwitchesBrief from './three-switches/brief.md'
import threeSwitches from './three-switches/lab.yaml'
import troubleshootingBrief from './troubleshooting/brief.md'
import fault01 from './troubleshooting/faults/01.yaml'
import fault02 from './troubleshooting/faults/02.yaml'
import fault03 from './troubleshooting/faults/03.yaml'
import fault04 from './troubleshooting/faults/04.yaml'
import fault05 from './troubleshooting/faults/05.yaml'
import fault06 from './troubleshooting/faults/06.yaml'
import fault07 from './troubleshooting/faults/07.yaml'
import fault08 from './troubleshooting/faults/08.yaml'
import fault09 from './troubleshooting/faults/09.yaml'
import fault10 from './troubleshooting/faults/10.yaml'
import fault12 from './troubleshooting/faults/12.yaml'
import troubleshootingMachines from './troubleshooting/machines.yaml'
import twoUplinksBrief from './two-uplinks/brief.md'
import twoUplinks from './two-uplinks/lab.yaml'
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
    slug: 'external-switch',
    title: 'A bridge into the home network',
    summary:
      'An external switch makes a virtual machine a computer of the house, with an address from the house. Build one ' +
      'while connections are open, and watch what moves from the network adapter to the switch, and what stays where it' +
      ' is.',
    yaml: externalSwitch,
    brief: externalSwitchBrief,
  },
  {
    slug: 'publish-by-portproxy',
    title: 'Publish a guest of the Default Switch',
    summary:
      'The Default Switch forwards no port to anybody. A proxy on the computer does: it takes the connection and makes ' +
      'a second one to the guest. Set it up, open the door for it, and see what a restart leaves of it.',
    yaml: publishByPortproxy,
    brief: publishByPortproxyBrief,
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
  {
    slug: 'nested',
    title: 'A Hyper-V inside a Hyper-V',
    summary:
      'A virtual machine that runs virtual machines itself. Its own bridge does not work until the outer switch lets ' +
      'other MAC addresses pass, or until it translates. Try both, and count the translations on the way out.',
    yaml: nested,
    brief: nestedBrief,
  },
  {
    slug: 'clashing-macs',
    title: 'Something does not work (11): one of two',
    summary:
      '"We have two computers with Hyper-V. Since both have machines on the home network, one of the two machines is ' +
      'always gone." Find the one thing that they share.',
    yaml: clashingMacs,
    brief: clashingMacsBrief,
  },
  {
    slug: 'two-uplinks',
    title: 'Something does not work (13): cable and Wi-Fi',
    summary:
      '"I have plugged in the cable, and Wi-Fi is on as well. pc is fine. The virtual machines have lost the Internet."' +
      ' Find out why two good ways are worse than one.',
    yaml: twoUplinks,
    brief: twoUplinksBrief,
  },
  {
    slug: 'troubleshooting-01',
    title: 'Something does not work (1): win1 opens no web page',
    summary:
      '"I have no Internet on win1. No page opens." Nobody has touched the computer itself. Find the one thing that was' +
      ' changed.',
    yaml: troubleshootingMachines + fault01,
    brief: troubleshootingBrief,
  },
  {
    slug: 'troubleshooting-02',
    title: 'Something does not work (2): ubuntu1 is alone',
    summary:
      '"I can reach the computer\'s other virtual machine from ubuntu1, and nothing else." Find the one thing that was ' +
      'changed.',
    yaml: troubleshootingMachines + fault02,
    brief: troubleshootingBrief,
  },
  {
    slug: 'troubleshooting-03',
    title: 'Something does not work (3): win1 has no network at all',
    summary: '"There is a red cross on the network symbol of win1." Find the one thing that was changed.',
    yaml: troubleshootingMachines + fault03,
    brief: troubleshootingBrief,
  },
  {
    slug: 'troubleshooting-04',
    title: 'Something does not work (4): ubuntu1 is silent',
    summary:
      '"ubuntu1 has its address, its gateway, its name server, all as yesterday. Nothing answers." Find the one thing ' +
      'that was changed.',
    yaml: troubleshootingMachines + fault04,
    brief: troubleshootingBrief,
  },
  {
    slug: 'troubleshooting-05',
    title: 'Something does not work (5): since the clean-up',
    summary:
      '"I have tidied up ubuntu1 and given it nicer settings. Now it hears everything, but nobody hears it." Find the ' +
      'one thing that was changed.',
    yaml: troubleshootingMachines + fault05,
    brief: troubleshootingBrief,
  },
  {
    slug: 'troubleshooting-06',
    title: 'Something does not work (6): one server only',
    summary: '"win1 reaches the whole Internet, but not www.example.com. ubuntu1 does." Find the one thing that was changed.',
    yaml: troubleshootingMachines + fault06,
    brief: troubleshootingBrief,
  },
  {
    slug: 'troubleshooting-07',
    title: 'Something does not work (7): numbers, but no names',
    summary:
      '"Since the security people were here, no virtual machine resolves a name. pc does." Find the one thing that was ' +
      'changed.',
    yaml: troubleshootingMachines + fault07,
    brief: troubleshootingBrief,
  },
  {
    slug: 'troubleshooting-08',
    title: 'Something does not work (8): two of the same',
    summary:
      '"On lanpc somebody has set up an address by hand. Since then the Internet of pc comes and goes." Find the one ' +
      'thing that was changed.',
    yaml: troubleshootingMachines + fault08,
    brief: troubleshootingBrief,
  },
  {
    slug: 'troubleshooting-09',
    title: 'Something does not work (9): the office switch',
    summary:
      '"win1 is on the switch Office now, and has an address. It cannot reach the computer at 192.168.50.1." Find the ' +
      'one thing that is wrong.',
    yaml: troubleshootingMachines + fault09,
    brief: troubleshootingBrief,
  },
  {
    slug: 'troubleshooting-10',
    title: 'Something does not work (10): the door that leads nowhere',
    summary:
      '"From lanpc I could read the page of ubuntu1 at port 8080 of pc. Since the last restart the connection opens and' +
      ' nothing comes." Find the one thing that is wrong.',
    yaml: troubleshootingMachines + fault10,
    brief: troubleshootingBrief,
  },
  {
    slug: 'troubleshooting-12',
    title: "Something does not work (12): since the company's policy came",
    summary:
      '"My laptop belongs to the company now. The virtual machines have no address any more, and pc itself is fine." ' +
      'Find the one thing that was changed.',
    yaml: troubleshootingMachines + fault12,
    brief: troubleshootingBrief,
  },
  {
    slug: 'default-switch-detective',
    title: 'Default Switch detective',
    summary:
      'Nobody has configured the network of the virtual machines on this computer, and nobody can tell you its numbers: they are yours alone, and gone with the next restart. Find them out, and find out who is behind them.',
    yaml: defaultSwitchDetective,
    brief: defaultSwitchDetectiveBrief,
  },
  {
    slug: 'three-switches',
    title: 'Private, Internal, External',
    summary:
      "One virtual switch, three kinds. See which adapter of the computer comes and goes with each, bridge the wrong way and find out why nothing works then, and bridge the right way while somebody's connection is open.",
    yaml: threeSwitches,
    brief: threeSwitchesBrief,
  },
  {
    slug: 'dhcp-by-hand',
    title: 'DHCP where there is none',
    summary:
      'A private switch brings a cable to everybody and an address to nobody. Make a Linux machine hand out addresses there, to a Windows machine that has the Internet on its other adapter and is to keep it.',
    yaml: dhcpByHand,
    brief: dhcpByHandBrief,
  },
  {
    slug: 'one-way-traffic',
    title: 'One-way traffic',
    summary:
      'A virtual machine pings the computer in the office. The request arrives there, and nothing comes back. Find out where the answer goes, and give it a way home that is still there tomorrow.',
    yaml: oneWayTraffic,
    brief: oneWayTrafficBrief,
  },
  {
    slug: 'no-network',
    title: 'The VM has no network',
    summary:
      '"It worked yesterday, and nobody has touched anything." One thing was changed, on the computer or in the virtual machine. Reach the Internet from it by number, then by name; say what it was; and change nothing else.',
    yaml: noNetwork,
    brief: noNetworkBrief,
  },
]
