import { DhcpRelay } from '../../service/dhcp-relay.ts'
import type { Json } from '../../sim/json.ts'
import { formatIp, parseIp } from '../../wire/addresses.ts'
import type { Daemon, DaemonHost } from './daemon.ts'

const FILE = '/etc/default/isc-dhcp-relay'
type Args = { readonly servers: readonly string[]; readonly interfaces: readonly string[] }

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
  const asked = (args as Args | undefined) ?? { servers: words('SERVERS'), interfaces: words('INTERFACES') }
  const servers = asked.servers.map(parseIp).filter((ip) => ip !== undefined)
  if (servers.length === 0) return 'No servers specified.'
  const relay = new DhcpRelay(machine.stack, servers, asked.interfaces, (line) => host.log(line))
  if (!relay.listening) return "Can't bind to dhcp address: Address already in use"
  if (!host.restoring) {
    host.log('Internet Systems Consortium DHCP Relay Agent 4.4.3-P1')
    host.log(`Requesting: ${asked.interfaces.join(' ') || 'all interfaces'} towards ${servers.map(formatIp).join(' ')}`)
  }
  return { args: asked, close: () => relay.close() }
}
