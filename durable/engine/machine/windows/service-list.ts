// The services of a Windows 11 computer, as far as a person who looks for them expects them. Dependencies and kinds of start
// are those of a fresh installation; what stopping one does stands in service-effects.ts.
import type { StartType } from './windows-views.ts'

export type ServiceDefinition = {
  readonly name: string
  readonly displayName: string
  readonly startType: StartType
  /** Whether it runs after a start of the computer: some that are started by hand are started by the system at once. */
  readonly runs: boolean
  readonly dependsOn: readonly string[]
  /** Of `svchost.exe -k`; empty: a program of its own. */
  readonly group: string
  readonly image: string
  readonly driver: boolean
  /** The real one refuses: the service control manager may not, or the service does not take it. */
  readonly refusesStop: boolean
  readonly only: 'any' | 'hyper-v' | 'guest'
  readonly pid: number
  readonly description: string
}

const START: { readonly [letter: string]: StartType } = {
  b: 'Boot',
  s: 'System',
  a: 'Automatic',
  l: 'AutomaticDelayed',
  m: 'Manual',
  d: 'Disabled',
}

/**
 * A line a service: name, display name, how it starts (`a` automatic, `l` delayed, `m` by hand, `d` disabled, `b` boot, `s` system;
 * `+` it runs; `!` it cannot be stopped; `h` only with Hyper-V; `g` runs only in guests), group of svchost or `*program`, or `%driver`,
 * what it depends on, process id (0: its group's).
 */
const LINES = `
AppIDSvc|Application Identity|m|LocalServiceNetworkRestricted|RpcSs,CryptSvc|0
Appinfo|Application Information|m+|netsvcs|RpcSs|0
AudioEndpointBuilder|Windows Audio Endpoint Builder|a+|LocalSystemNetworkRestricted||0
Audiosrv|Windows Audio|a+|LocalServiceNetworkRestricted|AudioEndpointBuilder,RpcSs|0
BFE|Base Filtering Engine|a+!|LocalServiceNoNetworkFirewall|RpcSs|0
BITS|Background Intelligent Transfer Service|m|netsvcs|RpcSs|0
BrokerInfrastructure|Background Tasks Infrastructure Service|a+!|DcomLaunch|RpcSs|0
CDPSvc|Connected Devices Platform Service|l+|LocalService|Tcpip,RpcSs|0
CertPropSvc|Certificate Propagation|m|netsvcs|RpcSs|0
CoreMessagingRegistrar|CoreMessaging|a+!|LocalServiceNoNetwork|RpcSs|0
CryptSvc|Cryptographic Services|a+|NetworkService|RpcSs|0
DcomLaunch|DCOM Server Process Launcher|a+!|DcomLaunch||0
Dhcp|DHCP Client|a+|LocalServiceNetworkRestricted-dhcp|Afd,NSI|1788
DiagTrack|Connected User Experiences and Telemetry|a+|utcsvc|RpcSs|0
Dnscache|DNS Client|a+|NetworkService-dnscache|Afd,NSI|2036
DoSvc|Delivery Optimization|l+|NetworkService|RpcSs|0
DPS|Diagnostic Policy Service|a+|LocalServiceNoNetwork||0
EventLog|Windows Event Log|a+|LocalServiceNetworkRestricted||1452
EventSystem|COM+ Event System|a+|LocalService|RpcSs|0
FDResPub|Function Discovery Resource Publication|m|LocalServiceAndNoImpersonation|RpcSs,HTTP|0
FontCache|Windows Font Cache Service|a+|LocalService||0
gpsvc|Group Policy Client|a+!|netsvcs|RpcSs|0
hns|Host Network Service|mh+|NetSvcs-hns|NSI,RpcSs|2992
HvHost|HV Host Service|mh+|LocalSystemNetworkRestricted|hvservice|0
IKEEXT|IKE and AuthIP IPsec Keying Modules|m|netsvcs|BFE|0
iphlpsvc|IP Helper|a+|NetSvcs-iphlpsvc|NSI,RpcSs,Tcpip,Winmgmt,WinHttpAutoProxySvc|3312
jhi_service|Intel(R) Dynamic Application Loader Host Interface Service|ah+|*C:\\Windows\\System32\\DriverStore\\FileRepository\\dal.inf_amd64\\jhi_service.exe||4712
KeyIso|CNG Key Isolation|m+|*C:\\Windows\\system32\\lsass.exe|RpcSs|796
LanmanServer|Server|a+|netsvcs-smb|SamSs,Srv2|3060
LanmanWorkstation|Workstation|a+|NetworkService-wks|Bowser,MRxSmb20,NSI|2744
lltdsvc|Link-Layer Topology Discovery Mapper|m|LocalService|RpcSs,lltdio|0
lmhosts|TCP/IP NetBIOS Helper|m+|LocalServiceNetworkRestricted|Afd|0
LSM|Local Session Manager|a+!|DcomLaunch|RpcSs|0
mpssvc|Windows Defender Firewall|a+!|LocalServiceNoNetworkFirewall|BFE,mpsdrv|0
MSDTC|Distributed Transaction Coordinator|m|*C:\\Windows\\System32\\msdtc.exe|RpcSs|0
NcaSvc|Network Connectivity Assistant|m|NetSvcs|BFE,Dnscache,iphlpsvc,NSI|0
NcbService|Network Connection Broker|m+|LocalSystemNetworkRestricted|RpcSs,BrokerInfrastructure|0
Netlogon|Netlogon|m|*C:\\Windows\\system32\\lsass.exe|LanmanWorkstation|796
Netman|Network Connections|m|LocalSystemNetworkRestricted|NSI,RpcSs|0
netprofm|Network List Service|m+|netprofm|NlaSvc,RpcSs|2312
NetSetupSvc|Network Setup Service|m|netsvcs||0
NlaSvc|Network Location Awareness|a+!|NetworkService-nla|Dhcp,EventLog,NSI,RpcSs,Tcpip|2268
nsi|Network Store Interface Service|a+!|LocalService|nsiproxy|0
nvagent|Network Virtualization Service|mh+|NetSvcs|NSI,RpcSs|0
PlugPlay|Plug and Play|m+|DcomLaunch||0
PolicyAgent|IPsec Policy Agent|m|NetworkServiceNetworkRestricted|BFE,Tcpip|0
Power|Power|a+!|DcomLaunch||0
ProfSvc|User Profile Service|a+!|UserProfileService|RpcSs|0
RasAuto|Remote Access Auto Connection Manager|m|netsvcs|RasAcd|0
RasMan|Remote Access Connection Manager|a+|netsvcs-ras|SstpSvc|2904
RemoteAccess|Routing and Remote Access|d|netsvcs|BFE,RasMan,RpcSs,http|0
RemoteRegistry|Remote Registry|d|localService|RpcSs|0
RpcEptMapper|RPC Endpoint Mapper|a+!|RPCSS||1184
RpcSs|Remote Procedure Call (RPC)|a+!|rpcss|DcomLaunch,RpcEptMapper|1184
SamSs|Security Accounts Manager|a+!|*C:\\Windows\\system32\\lsass.exe|RpcSs|796
Schedule|Task Scheduler|a+!|netsvcs|RpcSs,EventLog|0
SENS|System Event Notification Service|a+|netsvcs|EventSystem|0
SessionEnv|Remote Desktop Configuration|m|netsvcs|LanmanWorkstation,RpcSs|0
SharedAccess|Internet Connection Sharing (ICS)|m+|netsvcs-ics|BFE|3640
ShellHWDetection|Shell Hardware Detection|a+|netsvcs|RpcSs|0
SNMPTrap|SNMP Trap|m|*C:\\Windows\\System32\\snmptrap.exe||0
Spooler|Print Spooler|a+|*C:\\Windows\\System32\\spoolsv.exe|http,RpcSs|3196
SSDPSRV|SSDP Discovery|m+|LocalServiceAndNoImpersonation|HTTP,NSI|2660
SstpSvc|Secure Socket Tunneling Protocol Service|m+|LocalService||0
StateRepository|State Repository Service|a+|appmodel|RpcSs|0
SysMain|SysMain|a+|LocalSystemNetworkRestricted|RpcSs|0
SystemEventsBroker|System Events Broker|a+!|DcomLaunch|RpcSs,RpcEptMapper|0
TermService|Remote Desktop Services|m|NetworkService|RpcSs|0
Themes|Themes|a+|netsvcs||0
TimeBrokerSvc|Time Broker|m+!|LocalServiceNetworkRestricted||0
TrkWks|Distributed Link Tracking Client|a+|LocalSystemNetworkRestricted|RpcSs|0
UmRdpService|Remote Desktop Services UserMode Port Redirector|m|LocalSystemNetworkRestricted|TermService|0
upnphost|UPnP Device Host|m|LocalServiceAndNoImpersonation|SSDPSRV,HTTP|0
UserManager|User Manager|a+!|netsvcs|RpcSs,ProfSvc|0
vmcompute|Hyper-V Host Compute Service|mh+|*C:\\Windows\\system32\\vmcompute.exe|RpcSs|2780
vmicguestinterface|Hyper-V Guest Service Interface|m|LocalSystemNetworkRestricted||0
vmicheartbeat|Hyper-V Heartbeat Service|mg|ICService||0
vmickvpexchange|Hyper-V Data Exchange Service|mg|LocalSystemNetworkRestricted||0
vmicrdv|Hyper-V Remote Desktop Virtualization Service|mg|ICService||0
vmicshutdown|Hyper-V Guest Shutdown Service|mg|LocalSystemNetworkRestricted||0
vmictimesync|Hyper-V Time Synchronization Service|mg|LocalServiceNetworkRestricted||0
vmicvmsession|Hyper-V PowerShell Direct Service|mg|LocalSystemNetworkRestricted||0
vmicvss|Hyper-V Volume Shadow Copy Requestor|mg|LocalSystemNetworkRestricted||0
vmms|Hyper-V Virtual Machine Management|ah+|*C:\\Windows\\system32\\vmms.exe|RpcSs,Winmgmt|2516
VSS|Volume Shadow Copy|m|*C:\\Windows\\system32\\vssvc.exe|RpcSs|0
W32Time|Windows Time|m+|LocalService||0
Wcmsvc|Windows Connection Manager|a+!|LocalServiceNetworkRestricted|NSI,RpcSs|0
WebClient|WebClient|m|LocalService|MRxDAV|0
WinDefend|Microsoft Defender Antivirus Service|a+!|*C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\MsMpEng.exe|RpcSs|3420
WinHttpAutoProxySvc|WinHTTP Web Proxy Auto-Discovery Service|m+|LocalServiceNetworkRestricted-proxy|Dhcp|1916
Winmgmt|Windows Management Instrumentation|a+|netsvcs-wmi|RpcSs|2860
WinRM|Windows Remote Management (WS-Management)|m|NetworkService|HTTP,RPCSS|0
WlanSvc|WLAN AutoConfig|a+|LocalSystemNetworkRestricted-wlan|nativewifip,RpcSs,Ndisuio,Wcmsvc|2384
wscsvc|Security Center|l+|LocalServiceNetworkRestricted|RpcSs|0
WSearch|Windows Search|l+|*C:\\Windows\\system32\\SearchIndexer.exe|BrokerInfrastructure,RPCSS|5904
wuauserv|Windows Update|m|netsvcs|RpcSs|0
Afd|Ancillary Function Driver for Winsock|s+!|%afd.sys||0
Bowser|Browser|m+|%bowser.sys||0
HTTP|HTTP Service|m+|%HTTP.sys||0
hvservice|Hypervisor/Virtual Machine Support Driver|mh+!|%hvservice.sys||0
lltdio|Link-Layer Topology Discovery Mapper I/O Driver|a+|%lltdio.sys||0
mpsdrv|Windows Defender Firewall Authorization Driver|m+|%mpsdrv.sys||0
MRxDAV|WebDav Client Redirector Driver|m|%mrxdav.sys|rdbss|0
MRxSmb20|SMB 2.0 MiniRedirector|m+|%mrxsmb20.sys|mrxsmb|0
mrxsmb|SMB MiniRedirector Wrapper and Engine|m+|%mrxsmb.sys|rdbss|0
NativeWifiP|NativeWiFi Filter|s+|%nwifi.sys||0
Ndisuio|NDIS Usermode I/O Protocol|m+|%ndisuio.sys||0
nsiproxy|NSI Proxy Service Driver.|s+!|%nsiproxy.sys||0
RasAcd|Remote Access Auto Connection Driver|m|%rasacd.sys||0
rdbss|Redirected Buffering Sub System|s+|%rdbss.sys||0
Srv2|Server SMB 2.xxx Driver|m+|%srv2.sys|srvnet|0
srvnet|srvnet|m+|%srvnet.sys||0
Tcpip|TCP/IP Protocol Driver|b+!|%tcpip.sys||0
Tcpip6|Microsoft IPv6 Protocol Driver|m|%tcpip.sys||0
vmbus|Virtual Machine Bus|b+!|%vmbus.sys||0
VMSMP|VMSMP|mh+!|%vmswitch.sys||0
VMSP|VMSP|mh+!|%vmswitch.sys||0
VMSVSP|VMSVSP|mh+!|%vmswitch.sys||0
vmswitch|vmswitch|sh+!|%vmswitch.sys||0
WinNat|Windows NAT Driver|m+|%winnat.sys||0
`

/** One sentence for those that the labs are about; the others have none here. */
const DESCRIPTIONS: { readonly [name: string]: string } = {
  Dhcp: 'Asks for addresses and other settings of this computer and keeps its leases.',
  Dnscache: 'Keeps answers about names and registers the name of this computer.',
  hns: 'Provides support for Windows virtual networks: it makes the Default Switch.',
  iphlpsvc: 'Forwards ports (portproxy) and serves IPv6 transition technologies.',
  LanmanServer: 'Shares files of this computer over the network.',
  LanmanWorkstation: 'Reaches files that other computers share.',
  mpssvc: 'Keeps others from what this computer does not want to offer.',
  SharedAccess: 'Gives addresses and names to a network behind this computer and translates for it.',
  vmms: 'Manages the virtual machines of this computer.',
  vmcompute: 'Runs virtual machines and containers for others.',
  WinNat: 'Translates addresses of the networks behind this computer.',
}

function read(line: string): ServiceDefinition {
  const [name, displayName, how, host, depends, pid] = line.split('|') as [string, string, string, string, string, string]
  const driver = host.startsWith('%')
  const own = host.startsWith('*')
  return {
    name,
    displayName,
    startType: START[how[0] as string] ?? 'Manual',
    runs: how.includes('+') || how.includes('g'),
    dependsOn: depends === '' ? [] : depends.split(','),
    group: driver || own ? '' : (host.split('-')[0] as string),
    image: driver
      ? `\\SystemRoot\\System32\\drivers\\${host.slice(1)}`
      : own
        ? host.slice(1)
        : `C:\\Windows\\System32\\svchost.exe -k ${host.split('-')[0]}${/Dcom|rpcss/i.test(host) ? ' -p' : ` -p -s ${name}`}`,
    driver,
    refusesStop: how.includes('!'),
    only: how.includes('h') ? 'hyper-v' : how.includes('g') ? 'guest' : 'any',
    pid: Number(pid),
    description: DESCRIPTIONS[name] ?? '',
  }
}

export const serviceList: readonly ServiceDefinition[] = LINES.trim().split('\n').map(read)

const byName = new Map(serviceList.map((one) => [one.name.toLowerCase(), one]))

/** By its name, without regard to case. */
export const serviceNamed = (name: string): ServiceDefinition | undefined => byName.get(name.toLowerCase())
