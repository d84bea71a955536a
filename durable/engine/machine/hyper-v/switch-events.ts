// What the event logs are told of switches and their ports (fact sheet 2.12).
import { formatMacWindows } from '../../wire/addresses.ts'
import type { Machine } from '../machine.ts'
import { NETWORK_ID, SWITCH_NAME } from './default-switch.ts'
import type { HostAdapterState } from './host-adapter.ts'
import type { VmAdapter } from './vm-adapter.ts'
import { WSL_ID, WSL_NAME } from './wsl.ts'

/** The name of a switch by its id, whoever made it; empty: there is none. */
export function switchName({ hyperV }: Machine, id: string): string {
  if (id === NETWORK_ID) return SWITCH_NAME
  return id === WSL_ID ? WSL_NAME : (hyperV?.switchOf(id)?.name ?? '')
}

/** A port of a running machine gets its adapter, or loses it. */
export function tellPort(machine: Machine, { id, name, switch: on }: VmAdapter, connected: boolean): void {
  const { eventLog } = machine
  if (on === null || eventLog === undefined) return
  const [where, friendly, port] = [on.toUpperCase(), switchName(machine, on), id.toUpperCase()]
  const key = connected ? 'connected' : 'disconnected'
  eventLog.write(`switch.${key}`, where, friendly, port)
  eventLog.write(`port.${key}`, port, name, port, where, friendly)
  eventLog.write(`port.${key}-operational`, port, name, port, where, friendly)
}

export function tellSwitch({ eventLog }: Machine, id: string, name: string, created: boolean): void {
  eventLog?.write(created ? 'switch.created' : 'switch.deleted', id.toUpperCase(), name)
}

/** An adapter of the computer's own. */
export function tellHost({ eventLog }: Machine, { id, alias, mac }: HostAdapterState, created: boolean): void {
  const name = id.toUpperCase()
  if (created) eventLog?.write('switch.nic-created', name, alias, formatMacWindows(mac))
  else eventLog?.write('switch.nic-deleted', name, alias)
}
