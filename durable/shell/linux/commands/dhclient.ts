import { collect, type Fields, numberOf, textOf, watch } from '../events.ts'
import { linuxMac } from '../format.ts'
import { type Command, INTERRUPTED, type Io, notSimulated, type Run } from '../io.ts'
import { firstAddress, firstLink, interfaceNamed } from '../links.ts'
import type { Lookup } from '../names.ts'

export const dhclient: Command = {
  name: 'dhclient',
  summary: 'asks for a lease, -r gives it back, -x lets go of it in silence',
  usage: 'dhclient [-4] [-1] [-v] [-q] [-r | -x] [-pf FILE] [-lf FILE] [-df FILE] [INTERFACE]',
  completions: ['-v', '-r', '-x', '-1', '-pf', '-lf'],
  run: runDhclient,
}

/** Words without and with a value that change nothing of what is seen here: files are named, the lease is kept by the system. */
const WITHOUT_EFFECT = ['-i', '-I', '-4', '-nc']
const FILES = ['-pf', '-lf', '-df']
const FLAGS = ['-v', '-q', '-r', '-x', '-1']
const REAL = '-6 -d -w -n -nw -N -T -P -S -D -R -p -s -g -sf -cf -e -E -F -H -V -C -B -m -dad-wait-time --prefix-len-hint'.split(
  ' ',
)

function readWords(args: readonly string[], io: Io): { flags: ReadonlySet<string>; name: string | undefined } | number {
  const flags = new Set<string>()
  let name: string | undefined
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (FLAGS.includes(word)) flags.add(word.slice(1))
    else if (FILES.includes(word) && args[i + 1] !== undefined) i++
    else if (word === '--version') {
      io.err('isc-dhclient-4.4.3-P1\n')
      return 0
    } else if (REAL.includes(word)) {
      io.err(notSimulated(`dhclient: option ${word}`))
      return 1
    } else if (word.startsWith('-') && !WITHOUT_EFFECT.includes(word)) {
      io.err(
        `${FILES.includes(word) ? `No argument for command: ${word}` : `Unknown command: ${word}`}\nUsage: dhclient [-4|-6] [-SNTPRI1dvrxi] [-nw] [-p <port>] [-D LL|LLT]\n`,
      )
      return 1
    } else if (!word.startsWith('-')) name ??= word
  }
  return { flags, name }
}

/** ISC's client gives up after this long and goes to the background. */
const TIMEOUT_MS = 60_000

function* runDhclient(args: readonly string[], io: Io): Run {
  const read = readWords(args, io)
  if (typeof read === 'number') return read
  const { flags, name } = read
  const link = name === undefined ? firstLink(io) : interfaceNamed(io, name)
  if (!link) {
    io.err(`Cannot find device "${name ?? ''}"\n`)
    return 1
  }
  if (!io.root) {
    io.err('Open a socket for LPF: Operation not permitted\n')
    return 1
  }
  const say = (text: string) => {
    if (flags.has('v')) io.err(`${text}\n`)
  }
  const mac = linuxMac(link.mac)
  say('Internet Systems Consortium DHCP Client 4.4.3-P1\nCopyright 2004-2022 Internet Systems Consortium.\nAll rights reserved.')
  say('For info, please visit https://www.isc.org/software/dhcp/\n')
  say(`Listening on LPF/${link.name}/${mac}\nSending on   LPF/${link.name}/${mac}\nSending on   Socket/fallback`)
  if (flags.has('x')) {
    io.kernel.setDhcp(link.index, false)
    return 0
  }
  let address = link.dhcp ? firstAddress(link) : ''
  let status = 0
  if (!flags.has('r') && !link.dhcp) io.kernel.setDhcp(link.index, true)
  const action = flags.has('r') ? 'release' : 'discover'
  const ended = yield* watch(io, 'dhcp', { action, interface: link.index, timeoutMs: TIMEOUT_MS }, (event) => {
    if (event['kind'] === 'received') address = textOf(event, 'address') || address
    const text = describe(event, link.name, address)
    if (text !== '') say(text)
    if (event['kind'] !== 'failed') return
    const reason = textOf(event, 'reason')
    // A release without a lease is silent.
    if (reason === 'no-lease') return
    status = reason === 'timeout' && !flags.has('1') ? 0 : 2
    if (reason !== 'not-dhcp') say('No DHCPOFFERS received.\nNo working leases in persistent database - sleeping.')
    else if (!flags.has('r')) io.err(`dhclient: ${link.name} cannot be handed to DHCP here: that is not simulated\n`)
  })
  return ended.interrupted ? INTERRUPTED : status
}

/** What ISC's client says about one message. */
function describe(event: Fields, device: string, address: string): string {
  const server = textOf(event, 'server')
  const message = textOf(event, 'message')
  const towards = `to ${textOf(event, 'destination') || '255.255.255.255'} port 67`
  switch (event['kind']) {
    case 'sent':
      if (message === 'DISCOVER')
        return `DHCPDISCOVER on ${device} ${towards} interval ${Math.round(numberOf(event, 'interval'))}`
      if (message === 'REQUEST') return `DHCPREQUEST for ${address} on ${device} ${towards}`
      return `DHCP${message} of ${address} on ${device} ${towards}`
    case 'received':
      if (message === 'NAK') return `DHCPNAK from ${server}`
      return `DHCP${message} of ${textOf(event, 'address')} from ${server}`
    case 'bound':
      return `bound to ${textOf(event, 'address')} -- renewal in ${Math.round(numberOf(event, 'renewSeconds'))} seconds.`
    default:
      return ''
  }
}

/** Renews in silence, for `networkctl renew`: undefined when it worked, else the reason. */
export function* renewSilently(io: Io, index: number): Lookup<string | undefined> {
  const { events } = yield* collect(io, 'dhcp', { action: 'renew', interface: index, timeoutMs: TIMEOUT_MS })
  const failed = events.find((event) => event['kind'] === 'failed')
  return failed && textOf(failed, 'reason')
}
