// Verbs that read the lab as it stands.
import { matchesWildcard } from '../../machine/wildcard.ts'
import { tableText } from '../tables.ts'
import { addressOf, machineOf, packetsSeen, rowsOf, type Verb } from './context.ts'
import { same } from './facts/formats.ts'

/** A neighbour table has this address, resolved, in this state (empty = any). */
export const neighbor: Verb<'neighbor'> = ({ machine, of, state, mac, expect = true }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const address = addressOf(context, machine, of)
  if (address === undefined) return { couldNotRun: `${of} has no address.` }
  const all = [...found.kernel.neighbors(), ...found.kernel.neighbors6()]
  const row = all.find((n) => n.address === address && n.mac !== '' && n.state !== 'unreachable')
  if (!row) return { passed: !expect, message: `${machine} has no neighbour entry for ${of} (${address}).` }
  const is = (state === '' || row.state === state) && (mac === undefined || same('mac', row.mac, mac))
  const packets = packetsSeen(context, machine, (protocol, info) => protocol === 'ARP' && info.includes(address))
  const not = is ? '' : `, not ${[state, mac].filter(Boolean).join(' at ')}`
  const rows = rowsOf(context, machine, 'neighbors', (cells) => cells[1] === address)
  return { passed: is === expect, message: `${machine} has ${address} at ${row.mac}, ${row.state}${not}.`, packets, rows }
}

/** A port is open, and whose it is. */
export const socket: Verb<'socket'> = ({ machine, protocol, port, owner, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const rows = found.kernel.sockets().filter((s) => s.protocol === protocol && s.localPort === port)
  const owned = rows.filter((s) => owner === '' || s.component === owner || s.image === owner)
  const what =
    rows.length === 0 ? 'is not open' : `belongs to ${rows.map((s) => s.component || s.image || 'nobody named').join(', ')}`
  const shown = rowsOf(
    context,
    machine,
    'sockets',
    (row) => row[0] === protocol.toUpperCase() && row[1]?.endsWith(`:${port}`) === true,
  )
  return {
    passed: owned.length > 0 === expect,
    message: `${protocol.toUpperCase()} port ${port} of ${machine} ${what}.`,
    rows: shown,
  }
}

const MOST_COUNTED = 1_000

/** Rows of a table whose cells fit. */
export const table: Verb<'table'> = ({ machine, table: name, row, atLeast, atMost, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const text = tableText(context.lab, machine, name)
  if (!text) return { couldNotRun: `${machine} has no table ${name}.` }
  const wanted = Object.entries(row).map(
    ([column, pattern]) => [text.columns.findIndex((one) => alike(one, column)), pattern] as const,
  )
  if (wanted.some(([at]) => at < 0)) return { couldNotRun: `The table ${name} has the columns ${text.columns.join(', ')}.` }
  const fits = (cells: readonly string[]) => wanted.every(([at, pattern]) => matchesWildcard(pattern, cells[at] ?? ''))
  const count = text.rows.filter(fits).length
  const is = count >= (atLeast ?? (atMost === undefined ? 1 : 0)) && count <= (atMost ?? MOST_COUNTED)
  return {
    passed: is === expect,
    message: `The table ${name} of ${machine} has ${count === 0 ? 'no such row' : `${count} such row${count === 1 ? '' : 's'}`} among ${text.rows.length}.`,
    rows: rowsOf(context, machine, name, fits),
  }
}

const alike = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

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
