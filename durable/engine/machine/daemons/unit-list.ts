// The services that a simulated Linux machine has: those of the system itself, which always run, and daemons.
import type { DaemonFactory } from './daemon.ts'
import { startDhcpRelay } from './dhcp-relay.ts'
import { startDnsmasq } from './dnsmasq.ts'
import { INTERFACES, startNetworking } from './networking.ts'
import { startRadvd } from './radvd.ts'
import { startNginx, startSsh } from './web.ts'

export type UnitDefinition = {
  readonly name: string
  readonly description: string
  readonly docs: readonly string[]
  readonly exec: string
  /** Undefined: of the system itself. */
  readonly start: DaemonFactory | undefined
  /** Only in a virtual machine of Hyper-V; there it can be stopped although it is of the system. */
  readonly guestOnly?: true
  /** It is there when this file is, and then begins with the system unless somebody has disabled it. */
  readonly file?: string
  /** It is done at once, and stays: `active (exited)`. */
  readonly oneShot?: true
  /** The name its lines begin with. */
  readonly ident: string
}

/** Tells the computer around a virtual machine what the machine's addresses are. */
export const KVP_DAEMON = 'hv-kvp-daemon'

export const unitList: readonly UnitDefinition[] = [
  {
    name: 'dnsmasq',
    description: 'dnsmasq - A lightweight DHCP and caching DNS server',
    docs: [],
    exec: '/usr/sbin/dnsmasq',
    start: startDnsmasq,
    ident: 'dnsmasq',
  },
  {
    name: KVP_DAEMON,
    description: 'Hyper-V KVP Protocol Daemon',
    docs: [],
    exec: '/usr/sbin/hv_kvp_daemon -n',
    start: undefined,
    guestOnly: true,
    ident: 'hv_kvp_daemon',
  },
  {
    name: 'isc-dhcp-relay',
    description: 'ISC DHCP IPv4 relay server',
    docs: ['man:dhcrelay(8)'],
    exec: '/usr/sbin/dhcrelay',
    start: startDhcpRelay,
    ident: 'dhcrelay',
  },
  {
    name: 'networking',
    description: 'Raise network interfaces',
    docs: ['man:interfaces(5)'],
    exec: '/sbin/ifup -a --read-environment',
    start: startNetworking,
    file: INTERFACES,
    oneShot: true,
    ident: 'ifup',
  },
  {
    name: 'nginx',
    description: 'A high performance web server and a reverse proxy server',
    docs: ['man:nginx(8)'],
    exec: '/usr/sbin/nginx -g daemon on; master_process on;',
    start: startNginx,
    ident: 'nginx',
  },
  {
    name: 'radvd',
    description: 'Router advertisement daemon for IPv6',
    docs: ['man:radvd(8)'],
    exec: '/usr/sbin/radvd --logmethod stderr_clean',
    start: startRadvd,
    ident: 'radvd',
  },
  {
    name: 'ssh',
    description: 'OpenBSD Secure Shell server',
    docs: ['man:sshd(8)', 'man:sshd_config(5)'],
    exec: '/usr/sbin/sshd -D',
    start: startSsh,
    ident: 'sshd',
  },
  {
    name: 'systemd-networkd',
    description: 'Network Configuration',
    docs: ['man:systemd-networkd.service(8)'],
    exec: '/usr/lib/systemd/systemd-networkd',
    start: undefined,
    ident: 'systemd-networkd',
  },
  {
    name: 'systemd-resolved',
    description: 'Network Name Resolution',
    docs: ['man:systemd-resolved.service(8)'],
    exec: '/usr/lib/systemd/systemd-resolved',
    start: undefined,
    ident: 'systemd-resolved',
  },
]

/** `dnsmasq`, `dnsmasq.service`. */
export const unitNamed = (name: string): UnitDefinition | undefined =>
  unitList.find((unit) => unit.name === name.replace(/\.service$/, ''))
