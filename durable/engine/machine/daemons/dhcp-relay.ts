import { DhcpRelay, type RelaySetup } from '../../service/dhcp-relay.ts'
import type { Json } from '../../sim/json.ts'
import { formatIp, parseIp } from '../../wire/addresses.ts'
import type { Daemon, DaemonHost } from './daemon.ts'

const FILE = '/etc/default/isc-dhcp-relay'
/** As on the command line of dhcrelay. */
export type DhcpRelayArgs = Omit<RelaySetup, 'servers'> & { readonly servers: readonly string[] }

/** `NAME="value"` of a file of shell variables. */
const variable = (text: string, name: string): string =>
  new RegExp(`^${name}=(?:"([^"]*)"|'([^']*)'|(\\S*))`, 'm')
    .exec(text)
    ?.slice(1)
    .find((part) => part !== undefined) ?? ''

/** dhcrelay, as the unit isc-dhcp-relay starts it. */
export function startDhcpRelay(host: DaemonHost, args: Json | undefined): Daemon | string {
  const { machine } = host
  const text = machine.files.read(FILE) ?? ''
  const words = (name: string): string[] =>
    variable(text, name)
      .split(/\s+/)
      .filter((word) => word !== '')
  const asked: DhcpRelayArgs = (args as DhcpRelayArgs | undefined) ?? {
    servers: words('SERVERS'),
    interfaces: words('INTERFACES'),
  }
  const servers = asked.servers.map(parseIp).filter((ip) => ip !== undefined)
  if (servers.length === 0) return 'No servers specified.'
  const relay = new DhcpRelay(machine.stack, { ...asked, servers }, (line) => host.log(line))
  if (!relay.listening) return "Can't bind to dhcp address: Address already in use"
  if (!host.restoring) {
    host.log('Internet Systems Consortium DHCP Relay Agent 4.4.3-P1')
    host.log(`Requesting: ${asked.interfaces.join(' ') || 'all interfaces'} towards ${servers.map(formatIp).join(' ')}`)
  }
  return { args: asked, close: () => relay.close() }
}
