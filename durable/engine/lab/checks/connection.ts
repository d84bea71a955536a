import { matches, parseFilter } from '../../wire/filter/index.ts'
import { addressOf, type CheckContext, machineOf, rowsOf, type Verb } from './context.ts'

type Open = { readonly localPort: number; readonly remoteAddress: string; readonly remotePort: number }

/** A TCP connection stands, whatever others stand beside it; where its first packet came from or went tells what was before it. */
export const connection: Verb<'connection'> = ({ machine, port, remote, remotePort, openedOver, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const address = remote === undefined ? undefined : addressOf(context, machine, remote)
  if (remote !== undefined && address === undefined) return { couldNotRun: `${remote} has no address.` }
  const open = found.kernel
    .sockets()
    .filter(
      (one) =>
        one.protocol === 'tcp' &&
        one.state.toLowerCase() === 'established' &&
        (port === undefined || one.localPort === port) &&
        (address === undefined || one.remoteAddress === address) &&
        (remotePort === undefined || one.remotePort === remotePort),
    )
  const opened = open.map((one) => ({ ...one, ...beginning(context, machine, one) }))
  const fitting = opened.filter(({ over }) => openedOver === undefined || over?.toLowerCase() === openedOver.toLowerCase())
  const [one] = fitting.length > 0 ? fitting : opened
  const where = one?.over === undefined ? '' : `, opened over ${one.over}`
  return {
    passed: fitting.length > 0 === expect,
    message:
      one === undefined
        ? `${machine} has no such connection.`
        : `${machine} is connected from port ${one.localPort} to ${one.remoteAddress}:${one.remotePort}${where}${fitting.length > 0 ? '' : `, not over ${openedOver}`}.`,
    packets: one?.packet === undefined ? [] : [one.packet],
    rows: rowsOf(
      context,
      machine,
      'sockets',
      (row) =>
        one !== undefined && row[1]?.endsWith(`:${one.localPort}`) === true && row[2]?.endsWith(`:${one.remotePort}`) === true,
    ),
  }
}

/** The request to open it, where the machine saw it nearest to itself: the last place on the way in, the first on the way out. */
function beginning({ lab, seen }: CheckContext, machine: string, { localPort, remoteAddress, remotePort }: Open) {
  const address = remoteAddress.includes(':') ? 'ipv6.addr' : 'ip.addr'
  const ends = (from: number, to: number) => `(tcp.srcport == ${from} && tcp.dstport == ${to})`
  const parsed = parseFilter(
    `tcp.flags.syn == 1 && tcp.flags.ack == 0 && ${address} == ${remoteAddress} && (${ends(localPort, remotePort)} || ${ends(remotePort, localPort)})`,
  )
  if (!parsed.ok) return {}
  const places = new Map(lab.vantages.filter((one) => one.machine === machine).map((one) => [one.number, one]))
  const requests = seen().filter(({ vantage, bytes, time, length, packet }) => {
    const place = places.get(vantage)
    const { linkType = 'ethernet', adapter: interfaceName = '' } = place ?? {}
    return (
      place !== undefined && matches(parsed.filter, { bytes, linkType, number: packet, timeMicros: time, interfaceName, length })
    )
  })
  // Ports may have been used before, by a connection that is over.
  const last = requests.at(-1)
  const its = requests.filter(({ packet }) => packet === last?.packet)
  const nearest = last?.direction === 'in' ? its.at(-1) : its[0]
  return nearest === undefined ? {} : { packet: nearest.packet, over: places.get(nearest.vantage)?.adapter }
}
