// What the event logs hear of the network: links that come and go, addresses that somebody else has, leases.
import type { StackWatcher } from '../../ip/hooks.ts'
import type { Address, Interface } from '../../ip/interface.ts'
import type { DhcpClient } from '../../service/dhcp-client.ts'
import type { DhcpEvent } from '../../service/dhcp-events.ts'
import { formatIp, formatMacBare, formatMacWindows, type Mac } from '../../wire/addresses.ts'
import type { Machine } from '../machine.ts'

const speedText = (bits: number): string => (bits >= 1e9 ? `${bits / 1e9} Gbps` : `${bits / 1e6} Mbps`)

/** Watches the machine's stack. Nothing of it is stored: it is set up again with the machine. */
export class NetworkEvents implements StackWatcher {
  private readonly machine: Machine

  constructor(machine: Machine) {
    this.machine = machine
    machine.stack.watchers.push(this)
  }

  linkChanged({ kind, description, speed }: Interface, up: boolean): void {
    if (kind !== 'ethernet' && kind !== 'wifi') return
    if (up) this.machine.eventLog?.write('nic.up', description, speedText(speed))
    else this.machine.eventLog?.write('nic.down', description)
  }

  addressSettled(via: Interface, { ip, origin }: Address, owner: Mac): void {
    const { eventLog } = this.machine
    const card = formatMacBare(via.mac)
    if (owner !== 0) {
      eventLog?.write('tcpip.conflict', formatIp(ip), formatMacWindows(owner))
      if (origin === 'dhcp') eventLog?.write('dhcp.conflict', formatIp(ip), card)
    } else if (origin === 'link-local' && via.dhcp) {
      eventLog?.write('dhcp.none', card)
      eventLog?.write('dhcp.autoconfigured', card, formatIp(ip))
    }
  }

  follow(client: DhcpClient): void {
    client.listeners.add((event) => this.dhcp(client.via, event))
  }

  private dhcp(via: Interface, event: DhcpEvent): void {
    const { eventLog } = this.machine
    const card = formatMacBare(via.mac)
    // A renewal of what it has already is nothing new.
    const had = (address: string) => {
      const last = eventLog?.lastSinceBoot(['dhcp.bound', 'dhcp.unbound'], ([, adapter]) => adapter === via.name)
      return last?.key === 'dhcp.bound' && last.values[0] === address
    }
    if (event.kind === 'bound' && !had(event.address)) eventLog?.write('dhcp.bound', event.address, via.name, event.server)
    else if (event.kind === 'released') eventLog?.write('dhcp.unbound', event.address, via.name)
    else if (event.kind === 'received' && event.message === 'NAK') {
      const asked = via.addresses.find(({ origin }) => origin === 'dhcp')
      eventLog?.write('dhcp.nak', asked ? formatIp(asked.ip) : '0.0.0.0', card, event.server)
    } else if (event.kind === 'failed' && event.reason === 'timeout' && via.addresses.some(({ origin }) => origin === 'dhcp'))
      eventLog?.write('dhcp.renew-failed', card)
  }
}
