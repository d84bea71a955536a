// Verbs that read the lab as it stands.
import { matchesWildcard } from '../../machine/wildcard.ts'
import { addressOf, machineOf, packetsSeen, type Verb } from './context.ts'

/** A neighbour table has this address, resolved, in this state (empty = any). */
export const neighbor: Verb<'neighbor'> = ({ machine, of, state }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const address = addressOf(context, machine, of)
  if (address === undefined) return { couldNotRun: `${of} has no address.` }
  const row = found.kernel.neighbors().find((n) => n.address === address && n.mac !== '' && n.state !== 'unreachable')
  if (!row) return { passed: false, message: `${machine} has no neighbour entry for ${of} (${address}).` }
  const passed = state === '' || row.state === state
  const packets = packetsSeen(context, machine, (protocol, info) => protocol === 'ARP' && info.includes(address))
  return { passed, message: `${machine} has ${address} at ${row.mac}, ${row.state}${passed ? '' : `, not ${state}`}.`, packets }
}

/** A port is open, and whose it is. */
export const socket: Verb<'socket'> = ({ machine, protocol, port, owner, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const rows = found.kernel.sockets().filter((s) => s.protocol === protocol && s.localPort === port)
  const owned = rows.filter((s) => owner === '' || s.component === owner || s.image === owner)
  const what =
    rows.length === 0 ? 'is not open' : `belongs to ${rows.map((s) => s.component || s.image || 'nobody named').join(', ')}`
  return { passed: owned.length > 0 === expect, message: `${protocol.toUpperCase()} port ${port} of ${machine} ${what}.` }
}

/** A line that fits was typed on the machine; `*` stands for anything, case does not matter. */
export const commandUsed: Verb<'command-used'> = ({ machine, pattern }, { journal }) => {
  const entry = journal.find(
    ({ console, line }) =>
      (console === machine || console.startsWith(`${machine}:`)) && matchesWildcard(`*${pattern}*`, line.trim()),
  )
  return entry
    ? { passed: true, message: `"${entry.line.trim()}" was typed on ${machine}.` }
    : { passed: false, message: `Nobody has typed ${pattern} on ${machine} yet.` }
}

/** A packet of this protocol whose description contains the text was seen at the machine. */
export const packetSeen: Verb<'packet-seen'> = ({ machine, protocol, text }, context) => {
  const packets = packetsSeen(context, machine, (seen, info) => seen === protocol && info.includes(text))
  return packets.length > 0
    ? {
        passed: true,
        message: `${packets.length === 8 ? 'At least 8' : packets.length} such packets were seen at ${machine}.`,
        packets,
      }
    : { passed: false, message: `No ${protocol} packet with "${text}" has been seen at ${machine} lately.` }
}

/** The Default Switch of this computer has another subnet than the first one it ever had. */
export const moved: Verb<'moved'> = ({ machine }, { lab }) => {
  const hyperV = lab.parts.machines.get(machine)?.hyperV
  if (!hyperV) return { couldNotRun: `${machine} has no Default Switch.` }
  const { state } = hyperV.defaultSwitch
  if (state === null) return { couldNotRun: 'The Default Switch is not up at the moment.' }
  const passed = state.network !== hyperV.firstNetwork
  return {
    passed,
    message: passed
      ? 'The Default Switch has another subnet than at the beginning.'
      : 'The Default Switch still has the subnet of the beginning.',
  }
}
