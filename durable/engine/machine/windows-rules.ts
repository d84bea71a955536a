// The firewall rules of a fresh Windows 11, as far as they concern what is simulated, and those that Windows adds by itself.

import { DOMAIN, EVERY, PRIVATE, PUBLIC } from '../service/firewall/rule.ts'
import { aRule, type FirewallRule } from '../service/firewall.ts'
import { formatIp } from '../wire/addresses.ts'
import { ICMP, IGMP, TCP, UDP } from '../wire/ipv4.ts'
import { ICMP6 } from '../wire/ipv6.ts'

export const ECHO_RULE = 'FPS-ICMP4-ERQ-In'
export const ECHO_RULE6 = 'FPS-ICMP6-ERQ-In'

const SVCHOST = '%SystemRoot%\\system32\\svchost.exe'
const PROTOCOLS: { readonly [word: string]: number } = { T: TCP, U: UDP, I: ICMP, J: ICMP6, G: IGMP, V: 41, X: 47, '*': 0 }
const PROFILES: { readonly [letter: string]: number } = { D: DOMAIN, R: PRIVATE, P: PUBLIC }

/**
 * One rule a line: name | what follows the group in its display name | profiles (D, R, P) | protocol | local | remote | from
 * (L = local subnet) | program (s = svchost) | service. `+` before the name: enabled. `-In` and `-Out` in the name say the direction;
 * local and remote are ports, local is the type for ICMP.
 */
const GROUPS: { readonly [group: string]: string } = {
  'Core Networking': `
+CoreNet-ICMP6-DU-In|Destination Unreachable (ICMPv6-In)|DRP|J|1|||System|
+CoreNet-ICMP4-DUFRAG-In|Destination Unreachable Fragmentation Needed (ICMPv4-In)|DRP|I|3:4|||System|
+CoreNet-DNS-Out-UDP|DNS (UDP-Out)|DRP|U||53||s|dnscache
+CoreNet-DHCP-In|Dynamic Host Configuration Protocol (DHCP-In)|DRP|U|68|67||s|dhcp
+CoreNet-DHCP-Out|Dynamic Host Configuration Protocol (DHCP-Out)|DRP|U|68|67||s|dhcp
+CoreNet-DHCPV6-In|Dynamic Host Configuration Protocol for IPv6(DHCPV6-In)|DRP|U|546|547||s|dhcp
+CoreNet-DHCPV6-Out|Dynamic Host Configuration Protocol for IPv6(DHCPV6-Out)|DRP|U|546|547||s|dhcp
+CoreNet-GP-LSASS-Out-TCP|Group Policy (LSASS-Out)|D|T||||%SystemRoot%\\system32\\lsass.exe|
+CoreNet-GP-NP-Out-TCP|Group Policy (NP-Out)|D|T||445||System|
+CoreNet-GP-Out-TCP|Group Policy (TCP-Out)|D|T||||s|
+CoreNet-IGMP-In|Internet Group Management Protocol (IGMP-In)|DRP|G||||System|
+CoreNet-IGMP-Out|Internet Group Management Protocol (IGMP-Out)|DRP|G||||System|
+CoreNet-IPHTTPS-In|IPHTTPS (TCP-In)|DRP|T|IPHTTPSIn|||System|
+CoreNet-IPHTTPS-Out|IPHTTPS (TCP-Out)|DRP|T||IPHTTPSOut||s|iphlpsvc
+CoreNet-IPv6-In|IPv6 (IPv6-In)|DRP|V||||System|
+CoreNet-IPv6-Out|IPv6 (IPv6-Out)|DRP|V||||System|
+CoreNet-ICMP6-LD-In|Multicast Listener Done (ICMPv6-In)|DRP|J|132|||System|
+CoreNet-ICMP6-LQ-In|Multicast Listener Query (ICMPv6-In)|DRP|J|130|||System|
+CoreNet-ICMP6-LR-In|Multicast Listener Report (ICMPv6-In)|DRP|J|131|||System|
+CoreNet-ICMP6-LR2-In|Multicast Listener Report v2 (ICMPv6-In)|DRP|J|143|||System|
+CoreNet-ICMP6-NDA-In|Neighbor Discovery Advertisement (ICMPv6-In)|DRP|J|136|||System|
+CoreNet-ICMP6-NDS-In|Neighbor Discovery Solicitation (ICMPv6-In)|DRP|J|135|||System|
+CoreNet-ICMP6-PTB-In|Packet Too Big (ICMPv6-In)|DRP|J|2|||System|
+CoreNet-ICMP6-PP-In|Parameter Problem (ICMPv6-In)|DRP|J|4|||System|
+CoreNet-ICMP6-RA-In|Router Advertisement (ICMPv6-In)|DRP|J|134|||System|
+CoreNet-ICMP6-RS-In|Router Solicitation (ICMPv6-In)|DRP|J|133|||System|
+CoreNet-Teredo-In|Teredo (UDP-In)|DRP|U|Teredo|||s|iphlpsvc
+CoreNet-Teredo-Out|Teredo (UDP-Out)|DRP|U||||s|iphlpsvc
+CoreNet-ICMP6-TE-In|Time Exceeded (ICMPv6-In)|DRP|J|3|||System|`,
  'Core Networking Diagnostics': `
CoreNet-Diag-ICMP4-EchoRequest-In-NoScope|ICMP Echo Request (ICMPv4-In)|D|I|8|||System|
CoreNet-Diag-ICMP4-EchoRequest-In|ICMP Echo Request (ICMPv4-In)|RP|I|8||L|System|
CoreNet-Diag-ICMP4-EchoRequest-Out|ICMP Echo Request (ICMPv4-Out)|RP|I|8||L|System|
CoreNet-Diag-ICMP6-EchoRequest-In-NoScope|ICMP Echo Request (ICMPv6-In)|D|J|128|||System|
CoreNet-Diag-ICMP6-EchoRequest-In|ICMP Echo Request (ICMPv6-In)|RP|J|128||L|System|`,
  'File and Printer Sharing': `
FPS-ICMP4-ERQ-In-NoScope|Echo Request - ICMPv4-In|D|I|8|||System|
FPS-ICMP4-ERQ-In|Echo Request - ICMPv4-In|RP|I|8||L|System|
FPS-ICMP4-ERQ-Out|Echo Request - ICMPv4-Out|RP|I|8||L|System|
FPS-ICMP6-ERQ-In-NoScope|Echo Request - ICMPv6-In|D|J|128|||System|
FPS-ICMP6-ERQ-In|Echo Request - ICMPv6-In|RP|J|128||L|System|
FPS-ICMP6-ERQ-Out|Echo Request - ICMPv6-Out|RP|J|128||L|System|
FPS-LLMNR-In-UDP|LLMNR-UDP-In|DRP|U|5355||L|s|dnscache
FPS-LLMNR-Out-UDP|LLMNR-UDP-Out|DRP|U||5355|L|s|dnscache
FPS-NB_Datagram-In-UDP-NoScope|NB-Datagram-In|D|U|138|||System|
FPS-NB_Datagram-In-UDP|NB-Datagram-In|RP|U|138||L|System|
FPS-NB_Name-In-UDP-NoScope|NB-Name-In|D|U|137|||System|
FPS-NB_Name-In-UDP|NB-Name-In|RP|U|137||L|System|
FPS-NB_Session-In-TCP-NoScope|NB-Session-In|D|T|139|||System|
FPS-NB_Session-In-TCP|NB-Session-In|RP|T|139||L|System|
FPS-NB_Session-Out-TCP|NB-Session-Out|RP|T||139|L|System|
FPS-SMB-In-TCP-NoScope|SMB-In|D|T|445|||System|
FPS-SMB-In-TCP|SMB-In|RP|T|445||L|System|
FPS-SMB-Out-TCP|SMB-Out|RP|T||445|L|System|
FPS-SpoolSvc-In-TCP-NoScope|Spooler Service - RPC|D|T|RPC|||%SystemRoot%\\system32\\spoolsv.exe|Spooler
FPS-SpoolSvc-In-TCP|Spooler Service - RPC|RP|T|RPC||L|%SystemRoot%\\system32\\spoolsv.exe|Spooler
FPS-RPCSS-In-TCP-NoScope|Spooler Service - RPC-EPMAP|D|T|RPCEPMap|||s|rpcss
FPS-RPCSS-In-TCP|Spooler Service - RPC-EPMAP|RP|T|RPCEPMap||L|s|rpcss`,
  mDNS: `
+MDNS-In-UDP-Domain-Active|UDP-In|D|U|5353|||s|dnscache
+MDNS-In-UDP-Private-Active|UDP-In|R|U|5353||L|s|dnscache
+MDNS-In-UDP-Public-Active|UDP-In|P|U|5353||L|s|dnscache
+MDNS-Out-UDP-Domain-Active|UDP-Out|D|U||5353||s|dnscache
+MDNS-Out-UDP-Private-Active|UDP-Out|R|U||5353|L|s|dnscache
+MDNS-Out-UDP-Public-Active|UDP-Out|P|U||5353|L|s|dnscache`,
  'Network Discovery': `
+NETDIS-LLMNR-In-UDP-Active|LLMNR-UDP-In|R|U|5355||L|s|dnscache
NETDIS-LLMNR-In-UDP|LLMNR-UDP-In|DP|U|5355||L|s|dnscache
+NETDIS-LLMNR-Out-UDP-Active|LLMNR-UDP-Out|R|U||5355|L|s|dnscache
NETDIS-LLMNR-Out-UDP|LLMNR-UDP-Out|DP|U||5355|L|s|dnscache
+NETDIS-NB_Datagram-In-UDP-Active|NB-Datagram-In|R|U|138||L|System|
NETDIS-NB_Datagram-In-UDP|NB-Datagram-In|P|U|138||L|System|
+NETDIS-NB_Name-In-UDP-Active|NB-Name-In|R|U|137||L|System|
NETDIS-NB_Name-In-UDP|NB-Name-In|P|U|137||L|System|
NETDIS-NB_Name-In-UDP-NoScope|NB-Name-In|D|U|137|||System|
+NETDIS-FDPHOST-In-UDP-Active|WSD-In|R|U|3702||L|s|fdphost
NETDIS-FDPHOST-In-UDP|WSD-In|DP|U|3702||L|s|fdphost
+NETDIS-SSDPSrv-In-UDP-Active|SSDP-In|R|U|1900||L|s|Ssdpsrv
NETDIS-SSDPSrv-In-UDP|SSDP-In|DP|U|1900||L|s|Ssdpsrv
+NETDIS-UPnPHost-In-TCP-Active|UPnP-In|R|T|2869||L|System|
NETDIS-UPnPHost-In-TCP|UPnP-In|P|T|2869||L|System|
+NETDIS-WSDEVNT-In-TCP-Active|WSD Events-In|R|T|5357||L|System|
NETDIS-WSDEVNT-In-TCP|WSD Events-In|P|T|5357||L|System|`,
  'Remote Desktop': `
RemoteDesktop-Shadow-In-TCP|Shadow (TCP-In)|DRP|T||||%SystemRoot%\\system32\\RdpSa.exe|
RemoteDesktop-UserMode-In-TCP|User Mode (TCP-In)|DRP|T|3389|||s|termservice
RemoteDesktop-UserMode-In-UDP|User Mode (UDP-In)|DRP|U|3389|||s|termservice`,
  'Remote Assistance': `
+RemoteAssistance-In-TCP-EdgeScope-Active|TCP-In|DR|T||||%SystemRoot%\\system32\\msra.exe|
+RemoteAssistance-DCOM-In-TCP-NoScope-Active|DCOM-In|D|T|135|||s|rpcss
+RemoteAssistance-SSDPSrv-In-UDP-Active|SSDP UDP-In|DR|U|1900||L|s|Ssdpsrv
RemoteAssistance-In-TCP-EdgeScope|TCP-In|P|T||||%SystemRoot%\\system32\\msra.exe|`,
  'Remote Event Log Management': `
RemoteEventLogSvc-In-TCP-NoScope|RPC|D|T|RPC|||s|Eventlog
RemoteEventLogSvc-In-TCP|RPC|RP|T|RPC||L|s|Eventlog
RemoteEventLogSvc-NP-In-TCP|NP-In|RP|T|445||L|System|
RemoteEventLogSvc-RPCSS-In-TCP|RPC-EPMAP|RP|T|RPCEPMap||L|s|RPCSS`,
  'Remote Service Management': `
RemoteSvcAdmin-In-TCP-NoScope|RPC|D|T|RPC|||%SystemRoot%\\system32\\services.exe|
RemoteSvcAdmin-In-TCP|RPC|RP|T|RPC||L|%SystemRoot%\\system32\\services.exe|
RemoteSvcAdmin-NP-In-TCP|NP-In|RP|T|445||L|System|
RemoteSvcAdmin-RPCSS-In-TCP|RPC-EPMAP|RP|T|RPCEPMap||L|s|RPCSS`,
  'Remote Scheduled Tasks Management': `
RemoteTask-In-TCP|RPC|RP|T|RPC||L|s|schedule
RemoteTask-RPCSS-In-TCP|RPC-EPMAP|RP|T|RPCEPMap||L|s|RPCSS`,
  'Windows Defender Firewall Remote Management': `
RemoteFwAdmin-In-TCP|RPC|RP|T|RPC||L|s|policyagent
RemoteFwAdmin-RPCSS-In-TCP|RPC-EPMAP|RP|T|RPCEPMap||L|s|RPCSS`,
  'Windows Management Instrumentation (WMI)': `
WMI-RPCSS-In-TCP-NoScope|DCOM-In|D|T|135|||s|rpcss
WMI-RPCSS-In-TCP|DCOM-In|RP|T|135||L|s|rpcss
WMI-WINMGMT-In-TCP-NoScope|WMI-In|D|T||||s|winmgmt
WMI-WINMGMT-In-TCP|WMI-In|RP|T|||L|s|winmgmt
WMI-ASYNC-In-TCP|ASync-In|RP|T|||L|%systemroot%\\system32\\wbem\\unsecapp.exe|`,
  'Windows Remote Management': `
WINRM-HTTP-In-TCP|HTTP-In|DR|T|5985|||System|
WINRM-HTTP-In-TCP-PUBLIC|HTTP-In|P|T|5985||L|System|`,
  'Routing and Remote Access': `
RRAS-GRE-In|GRE-In|DRP|X||||System|
RRAS-GRE-Out|GRE-Out|DRP|X||||System|
RRAS-L2TP-In-UDP|L2TP-In|DRP|U|1701|||System|
RRAS-L2TP-Out-UDP|L2TP-Out|DRP|U||1701||System|
RRAS-PPTP-In-TCP|PPTP-In|DRP|T|1723|||System|`,
  'Delivery Optimization': `
+DeliveryOptimization-TCP-In|TCP-In|DRP|T|7680|||s|dosvc
+DeliveryOptimization-UDP-In|UDP-In|DRP|U|7680|||s|dosvc`,
  'Connected Devices Platform': `
+CDPSvc-In-TCP|TCP-In|DR|T||||s|CDPSvc
+CDPSvc-In-UDP|UDP-In|DR|U||||s|CDPSvc
+WiFiDirect-Wifi-Direct-Transport-In|Wi-Fi Direct Transport (TCP-In)|P|T||||s|CDPSvc`,
  'AllJoyn Router': `
+AllJoyn-Router-In-TCP|TCP-In|DR|T|9955|||s|AJRouter
+AllJoyn-Router-In-UDP|UDP-In|DR|U||||s|AJRouter
+AllJoyn-Router-Out-TCP|TCP-Out|DR|T||||s|AJRouter`,
  'Cast to Device functionality': `
+PlayTo-QWave-In-UDP-PlayToScope|qWave-UDP-In|RP|U|2177||PlayToDevice|s|QWave
+PlayTo-SSDP-Discovery-In-PlayToScope|SSDP-Discovery|P|U|PlayToDiscovery||PlayToDevice|s|ssdpsrv
+PlayTo-In-RTSP-LocalSubnetScope|Streaming Server (RTSP-Streaming-In)|R|T|23554-23556||L|%SystemRoot%\\system32\\mdeserver.exe|`,
  'SNMP Trap': `
SNMPTRAP-In-UDP|Service (UDP In)|RP|U|162||L|%SystemRoot%\\system32\\snmptrap.exe|SNMPTRAP
SNMPTRAP-In-UDP-NoScope|Service (UDP In)|D|U|162|||%SystemRoot%\\system32\\snmptrap.exe|SNMPTRAP`,
}

/** Those of the Hyper-V role. */
const HYPER_V: { readonly [group: string]: string } = {
  'Hyper-V': `
+VIRT-MIGL-In-TCP-NoScope|MIG-TCP-In|DRP|T|6600|||%systemroot%\\system32\\vmms.exe|vmms
+VIRT-REMOTEDESKTOP-In-TCP-NoScope|REMOTE_DESKTOP_TCP_IN|DRP|T|2179|||%systemroot%\\system32\\vmms.exe|vmms
+VIRT-VMMS-RPC-In-TCP-NoScope|RPC|DRP|T|RPC|||%systemroot%\\system32\\vmms.exe|vmms
+VIRT-VMMS-RPC-EPMAP-In-TCP-NoScope|RPC-EPMAP|DRP|T|RPCEPMap|||s|RPCSS
+VIRT-WMI-RPCSS-In-TCP-NoScope|WMI (DCOM-In)|DRP|T|135|||s|RpcSs
+VIRT-WMI-WINMGMT-In-TCP-NoScope|WMI (TCP-In)|DRP|T||||s|winmgmt
+VIRT-WMI-ASYNC-In-TCP-NoScope|WMI (Async-In)|DRP|T||||%systemroot%\\system32\\wbem\\unsecapp.exe|`,
  'Hyper-V Replica HTTP': 'VIRT-HVRHTTPL-In-TCP-NoScope|Listener (TCP-In)|DRP|T|80|||System|',
  'Hyper-V Replica HTTPS': 'VIRT-HVRHTTPSL-In-TCP-NoScope|Listener (TCP-In)|DRP|T|443|||System|',
}

/** These groups write ` - ` before what follows, the others brackets around it. */
const DASHED = /^(Core Networking|Remote Desktop|Hyper-V Replica)/
const BARE = /^SNMP Trap$/

function read(groups: { readonly [group: string]: string }): FirewallRule[] {
  return Object.entries(groups).flatMap(([group, lines]) =>
    lines
      .trim()
      .split('\n')
      .map((line) => readRule(group, line)),
  )
}

function readRule(group: string, line: string): FirewallRule {
  const [first, title, profiles, protocol, local, remote, from, program, service] = line.split('|') as string[]
  const enabled = first.startsWith('+')
  const name = enabled ? first.slice(1) : first
  const wrapped = DASHED.test(group)
    ? `${/^Hyper-V Replica/.test(group) ? ' ' : ' - '}${title}`
    : BARE.test(group) || /^Service /.test(title)
      ? ` ${title}`
      : ` (${title})`
  const icmp = protocol === 'I' || protocol === 'J'
  const list = (text: string): string[] => (text === '' ? [] : text.split(','))
  return aRule({
    name,
    displayName: `${group.replace(' (WMI)', '')}${wrapped}`,
    group,
    enabled,
    direction: /-Out(-|$)/.test(name) ? 'Outbound' : 'Inbound',
    profiles: profiles === 'DRP' ? EVERY : [...profiles].reduce((sum, letter) => sum + (PROFILES[letter] ?? 0), 0),
    protocol: PROTOCOLS[protocol] ?? 0,
    localPorts: icmp ? [] : list(local),
    remotePorts: list(remote),
    icmpTypes: icmp ? list(local) : [],
    remoteAddresses: from === 'L' ? ['LocalSubnet'] : list(from),
    program: program === 's' ? SVCHOST : program === '' ? 'Any' : program,
    service: service === '' ? 'Any' : service,
  })
}

const made = new Map<string, readonly FirewallRule[]>()

/** What a fresh computer has. The echo rules are off; where the definition wants answers they are on, for whoever asks. */
export function windowsRules(answersPing: boolean, hyperV = false): readonly FirewallRule[] {
  const key = `${answersPing}/${hyperV}`
  const known = made.get(key)
  if (known !== undefined) return known
  const rules = [...read(GROUPS), ...(hyperV ? read(HYPER_V) : [])].map((rule) =>
    answersPing && (rule.name === ECHO_RULE || rule.name === ECHO_RULE6) ? { ...rule, enabled: true, remoteAddresses: [] } : rule,
  )
  made.set(key, rules)
  return rules
}

/** The one rule for the DHCP server of Internet Connection Sharing: it is shared and does not pile up (fact sheet 4.5). */
export const icsDhcpRule = (): FirewallRule =>
  aRule({
    name: 'ICS-DHCP-In',
    displayName: 'Internet Connection Sharing (DHCP Server-In)',
    group: 'Internet Connection Sharing',
    protocol: UDP,
    localPorts: ['67'],
    program: SVCHOST,
    service: 'SharedAccess',
  })

/** A pair of rules that HNS adds at every boot, for the address of that boot. */
export function hnsDnsRules(
  networkId: string,
  address: number,
  alias: string,
  guidOf: (label: string) => string,
): FirewallRule[] {
  const common = {
    group: 'HNS Container Networking',
    localPorts: ['53'],
    localAddresses: [formatIp(address)],
    interfaceAliases: [alias],
    service: 'SharedAccess',
  }
  return [
    aRule({
      ...common,
      name: guidOf('udp'),
      displayName: `HNS Container Networking - DNS (UDP-In) - ${networkId} - 0`,
      protocol: UDP,
    }),
    aRule({
      ...common,
      name: guidOf('tcp'),
      displayName: `HNS Container Networking - ICS DNS (TCP-In) - ${networkId} - 0`,
      protocol: TCP,
    }),
  ]
}
