import type { InterfaceView } from '../../engine/machine/views.ts'
import { dnsCacheLines } from './ipconfig-cache.ts'
import { adapterLines, fullHeader } from './ipconfig-report.ts'
import { allEvents, type Gen, Interrupted, nextEvent, type Program, type ProgramIo, pause, start, textOf } from './program.ts'
import { wildcard } from './regex/wildcard.ts'

const usage = `
USAGE:
    ipconfig [/allcompartments] [/? | /all |
                                 /renew [adapter] | /release [adapter] |
                                 /renew6 [adapter] | /release6 [adapter] |
                                 /flushdns | /displaydns | /registerdns |
                                 /showclassid adapter |
                                 /setclassid adapter [classid] |
                                 /showclassid6 adapter |
                                 /setclassid6 adapter [classid] ]`

const refused = ['allcompartments', 'showclassid', 'setclassid', 'showclassid6', 'setclassid6']

export const ipconfig: Program = {
  name: 'ipconfig',
  synopsis: 'Shows the addresses of the adapters; releases and renews leases; shows and clears the DNS cache.',
  options: ['/all', '/release', '/renew', '/release6', '/renew6', '/flushdns', '/displaydns', '/registerdns', '/?'],
  refuses: refused.map((name) => `/${name}`),
  *run(args, io) {
    const say = function* (...lines: string[]): Gen {
      for (const line of lines) yield* io.line(line)
    }
    const option = (args[0] ?? '').toLowerCase().replace(/^[/-]/, '')
    if (args[0] !== undefined && !/^[/-]/.test(args[0])) {
      yield* say('', `Error: unrecognized or incomplete command line.`, ...usage.split('\n'))
      return 1
    }
    if (refused.includes(option)) {
      yield* say(`ipconfig /${option}: this option is real, but it is not simulated here yet.`)
      return 1
    }
    switch (option) {
      case '':
        yield* say('', 'Windows IP Configuration', '')
        yield* adapters(io, false)
        return 0
      case 'all':
        yield* say('', 'Windows IP Configuration', '', ...fullHeader(io.kernel))
        yield* adapters(io, true)
        return 0
      case 'flushdns':
        io.kernel.flushDnsCache()
        yield* say('', 'Windows IP Configuration', '', 'Successfully flushed the DNS Resolver Cache.')
        return 0
      case 'displaydns':
        yield* say('', 'Windows IP Configuration', '', ...dnsCacheLines(io.kernel))
        return 0
      case 'release':
      case 'renew':
        return yield* lease(option, args[1] ?? '*', io)
      case 'release6':
      case 'renew6':
        return yield* lease6(option === 'renew6' ? 'renew' : 'release', args[1] ?? '*', io)
      case 'registerdns':
        yield* say('', 'Windows IP Configuration', '')
        return yield* register(io)
      case '?':
        yield* say(...usage.split('\n'))
        return 0
      default:
        yield* say('', `Error: unrecognized or incomplete command line.`, ...usage.split('\n'))
        return 1
    }
  },
}

function* adapters(io: ProgramIo, all: boolean): Gen {
  for (const one of io.kernel.interfaces()) {
    if (one.kind === 'loopback' || !one.enabled || (one.kind === 'ppp' && !one.up)) continue
    for (const line of adapterLines(io.kernel, one, all)) yield* io.line(line)
  }
}

/**
 * Looks for the server that has the zone of each adapter's suffix (RFC 2136 section 4); where one is found it would be told. That a
 * zone takes such an update is not simulated: no server here does.
 */
function* register(io: ProgramIo): Gen<number> {
  const { hostname } = io.kernel.identity()
  yield* io.line(
    'Registration of the DNS resource records for all adapters of this computer has been initiated. Any errors will be reported in the Event Viewer in 15 minutes.',
  )
  const asked = new Set<string>()
  for (const one of io.kernel.interfaces()) {
    if (!one.up || one.kind === 'loopback' || one.dnsSuffix === '' || one.dnsServers.length === 0) continue
    const name = `${hostname}.${one.dnsSuffix}`
    if (asked.has(name)) continue
    asked.add(name)
    yield* allEvents(io.kernel, 'dns-query', {
      name,
      type: 'SOA',
      server: one.dnsServers[0] ?? null,
      tcp: false,
      recursionDesired: true,
      timeoutMs: 2000,
      tries: 1,
    })
  }
  return 0
}

/** Asks the DHCP client of each adapter that the name means, then lists the adapters. */
function* lease(action: 'release' | 'renew', name: string, io: ProgramIo): Gen<number> {
  yield* io.line('')
  yield* io.line('Windows IP Configuration')
  yield* io.line('')
  const matches = wildcard(name)
  const chosen = io.kernel
    .interfaces()
    .filter((one) => one.kind !== 'loopback' && one.kind !== 'ppp' && one.enabled && matches(one.name))
  if (chosen.length === 0) {
    yield* io.line('The operation failed as no adapter is in the state permissible for ')
    yield* io.line('this operation.')
    return 1
  }
  if (!chosen.some((one) => one.dhcp)) {
    yield* io.line('The operation failed as no adapter is in the state permissible for ')
    yield* io.line('this operation.')
    return 1
  }
  let failed = false
  for (const one of chosen) {
    const fault = one.up
      ? one.dhcp
        ? yield* exchange(action, one, io)
        : ''
      : `No operation can be performed on ${one.name} while it has its media disconnected.`
    if (fault === '') continue
    failed = true
    yield* io.line(fault)
  }
  yield* adapters(io, false)
  return failed ? 1 : 0
}

/** The same for DHCPv6. The client answers in moments; what it got is listed then. */
function* lease6(action: 'release' | 'renew', name: string, io: ProgramIo): Gen<number> {
  yield* io.line('')
  yield* io.line('Windows IP Configuration')
  yield* io.line('')
  const matches = wildcard(name)
  const chosen = io.kernel.interfaces().filter((one) => one.kind !== 'loopback' && one.enabled && one.up && matches(one.name))
  const done = chosen.filter((one) => io.kernel.dhcp6(one.index, action).ok)
  if (done.length === 0) {
    yield* io.line('The operation failed as no adapter is in the state permissible for ')
    yield* io.line('this operation.')
    return 1
  }
  if (action === 'renew') yield* pause(RENEW6)
  yield* adapters(io, false)
  return 0
}

/** A second at most before the first question (RFC 8415 section 18.2.1), and the exchange. */
const RENEW6 = 2_000_000

/** What went wrong, empty when nothing did. */
function* exchange(action: 'release' | 'renew', one: InterfaceView, io: ProgramIo): Gen<string> {
  const running = start(io.kernel, 'dhcp', { action, interface: one.index, timeoutMs: 60_000 })
  let fault = ''
  for (let event = yield* nextEvent(running); event !== undefined; event = yield* nextEvent(running)) {
    if (event.kind !== 'failed') continue
    const what = action === 'renew' ? 'renewing' : 'releasing'
    switch (textOf(event.reason)) {
      case 'timeout':
        fault = `An error occurred while ${what} interface ${one.name} : unable to contact your DHCP server. Request has timed out.`
        break
      case 'media-disconnected':
        fault = `No operation can be performed on ${one.name} while it has its media disconnected.`
        break
      case 'no-lease':
        fault = `An error occurred while ${what} interface ${one.name} : An address has not yet been associated with the network endpoint.`
        break
      default:
        fault = 'The operation failed as no adapter is in the state permissible for \nthis operation.'
    }
  }
  if (running.interrupted) throw new Interrupted('^C')
  return fault
}
