import { inPrefix, parseCidr, parseIp } from '../../wire/addresses.ts'
import { adapterNow, addressOf, defaultSwitchPrefix, machineOf, packetsSeen, rowsOf, type Verb } from './context.ts'

/** An adapter has an address by DHCP, in this network, from this server. */
export const hasLease: Verb<'has-lease'> = ({ machine, adapter: named, subnet, from }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const adapter = named && adapterNow(context, machine, named)
  const prefix = subnet === 'default-switch' ? defaultSwitchPrefix(context.lab) : subnet
  const network = parseCidr(prefix ?? '')
  if (!network && subnet !== '') return { couldNotRun: `The network ${subnet} does not exist at the moment.` }
  const server = from === '' ? undefined : addressOf(context, machine, from)
  const held: string[] = []
  for (const via of found.kernel.interfaces()) {
    for (const address of via.addresses) {
      if (via.kind === 'loopback' || (adapter !== undefined && via.name.toLowerCase() !== adapter.toLowerCase())) continue
      held.push(`${address.address}/${address.prefixLength} (${address.origin})`)
      const inside = network === undefined || inPrefix(parseIp(address.address) ?? 0, network.address, network.prefixLength)
      if (
        address.origin !== 'dhcp' ||
        !inside ||
        (server !== undefined && via.lease?.server !== server && !ownsAddress(context, from, via.lease?.server ?? ''))
      )
        continue
      const packets = packetsSeen(context, machine, (protocol, info) => protocol === 'DHCP' && info.includes('ACK'))
      return {
        passed: true,
        message: `${machine} holds ${address.address} from ${via.lease?.server ?? 'a DHCP server'}.`,
        packets,
        rows: rowsOf(context, machine, 'interfaces', (row) => row[0] === via.name),
      }
    }
  }
  return {
    passed: false,
    message: `${machine} has no lease${subnet === '' ? '' : ` in ${prefix}`}${from === '' ? '' : ` from ${from}`}; it has ${held.length > 0 ? held.join(', ') : 'no IPv4 address'}.`,
  }
}

/** A server with several addresses may name any of them in its answers. */
const ownsAddress = (context: Parameters<typeof hasLease>[1], machine: string, address: string): boolean =>
  (context.lab.kernel(machine)?.interfaces() ?? []).some((via) => via.addresses.some((a) => a.address === address))
