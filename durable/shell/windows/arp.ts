import type { InterfaceView, NeighborView } from '../../engine/machine/views.ts'
import { parseIp, parseMac } from '../../engine/wire/addresses.ts'
import { dashed, isV6, neighborTable, routeTo, usable } from './network.ts'
import type { Gen, Program, ProgramIo } from './program.ts'

const usage = `
Displays and modifies the IP-to-Physical address translation tables used by
address resolution protocol (ARP).

ARP -s inet_addr eth_addr [if_addr]
ARP -d inet_addr [if_addr]
ARP -a [inet_addr] [-N if_addr] [-v]
`

export const arp: Program = {
  name: 'arp',
  synopsis: 'Shows and changes the table of IP and physical addresses.',
  options: ['-a', '-g', '-N', '-d', '-s'],
  refuses: ['-v'],
  *run(args, io) {
    const options = args.map((arg) => arg.replace(/^\//, '-'))
    const at = (name: string) => options.findIndex((arg) => arg === name || (name !== '-N' && arg.toLowerCase() === name))
    if (at('-v') >= 0) {
      yield* io.line('arp -v: this option is real, but it is not simulated here yet.')
      return 1
    }
    if (at('-a') >= 0 || at('-g') >= 0) return yield* list(options, io)
    if (at('-d') >= 0) return yield* remove(options.slice(at('-d') + 1), io)
    if (at('-s') >= 0 && options.length > at('-s') + 2) return yield* add(options.slice(at('-s') + 1), io)
    for (const line of usage.split('\n')) yield* io.line(line)
    return 1
  },
}

/** Unresolved rows are left out; what ages is dynamic. */
const kinds: Partial<Record<NeighborView['state'], string>> = {
  reachable: 'dynamic',
  stale: 'dynamic',
  delay: 'dynamic',
  probe: 'dynamic',
  permanent: 'static',
}

function* list(options: readonly string[], io: ProgramIo): Gen<number> {
  const limit = options.indexOf('-N')
  const address = limit < 0 ? undefined : options[limit + 1]
  const wanted = options.filter((_, i) => i !== limit + 1 || limit < 0).find((arg) => !arg.startsWith('-'))
  for (const given of [address, wanted]) {
    if (given !== undefined && parseIp(given) === undefined) {
      yield* io.line(`ARP: bad argument: ${given}`)
      return 1
    }
  }
  const table = neighborTable(io.kernel)
  let found = false
  for (const one of io.kernel.interfaces()) {
    const own = addressOf(one)
    if (own === undefined || (address !== undefined && own !== address)) continue
    const rows = table.filter(
      (row) => row.interface === one.index && kinds[row.state] !== undefined && (wanted === undefined || row.address === wanted),
    )
    if (rows.length === 0) continue
    found = true
    yield* io.line('')
    yield* io.line(`Interface: ${own} --- 0x${one.index.toString(16)}`)
    yield* io.line('  Internet Address      Physical Address      Type')
    for (const row of rows)
      yield* io.line(`  ${row.address.padEnd(22)}${dashed(row.mac.toLowerCase()).padEnd(22)}${kinds[row.state]?.padEnd(10)}`)
  }
  if (found) return 0
  yield* io.line('No ARP Entries Found.')
  return 1
}

const addressOf = (one: InterfaceView): string | undefined =>
  one.kind === 'loopback' || one.kind === 'ppp' ? undefined : usable(one)[0]?.address

function* remove(args: readonly string[], io: ProgramIo): Gen<number> {
  const [address, on] = args
  const interfaces = io.kernel.interfaces().filter((one) => on === undefined || one.addresses.some((own) => own.address === on))
  if (address === undefined || address === '*') {
    for (const one of interfaces) if (one.kind !== 'loopback') io.kernel.flushNeighbors(one.index)
    return 0
  }
  if (parseIp(address) === undefined) {
    yield* io.line(`ARP: bad argument: ${address}`)
    return 1
  }
  const results = interfaces
    .filter((one) => io.kernel.neighbors().some((row) => row.interface === one.index && row.address === address))
    .map((one) => io.kernel.removeNeighbor(one.index, address))
  if (results.some((result) => result.ok)) return 0
  yield* io.line(
    results.some((result) => !result.ok && result.error === 'access-denied')
      ? 'The ARP entry deletion failed: The requested operation requires elevation.'
      : 'The ARP entry deletion failed: Element not found.',
  )
  return 1
}

function* add(args: readonly string[], io: ProgramIo): Gen<number> {
  const [address, mac, on] = args
  if (parseIp(address) === undefined || parseMac(mac) === undefined) {
    yield* io.line(`ARP: bad argument: ${parseIp(address) === undefined ? address : mac}`)
    return 1
  }
  const target =
    on === undefined
      ? routeTo(io.kernel, address)?.interface
      : io.kernel.interfaces().find((one) => one.addresses.some((own) => own.address === on && !isV6(on)))
  const result =
    target === undefined ? undefined : io.kernel.addNeighbor(target.index, address, mac.replace(/[^0-9a-f]/gi, '').toUpperCase())
  if (result?.ok) return 0
  yield* io.line(
    `The ARP entry addition failed: ${result?.error === 'access-denied' ? 'Access is denied.' : 'The parameter is incorrect.'}`,
  )
  return 1
}
