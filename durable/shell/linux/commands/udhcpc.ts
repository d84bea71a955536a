import { numberOf, textOf, watch } from '../events.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../io.ts'
import { interfaceNamed } from '../links.ts'
import { parseOptions, wholeNumber } from '../options.ts'

export const udhcpc: Command = {
  name: 'udhcpc',
  summary: 'asks for a lease, as small systems do',
  completions: ['-i', '-n', '-q', '-f', '-t', '-T'],
  run: runUdhcpc,
}

const SPEC = {
  flags: 'nqfbR',
  values: 'itTA',
  real: 'aoSBCvrOxFVps',
  long: {
    'interface=': 'i',
    now: 'n',
    quit: 'q',
    foreground: 'f',
    background: 'b',
    release: 'R',
    'retries=': 't',
    'timeout=': 'T',
    'tryagain=': 'A',
  },
  status: 1,
}

function* runUdhcpc(args: readonly string[], io: Io): Run {
  const options = parseOptions('udhcpc', args, SPEC, io)
  if (typeof options === 'number') return options
  const { flags, values } = options
  const fail = (text: string): number => {
    io.err(`udhcpc: ${text}\n`)
    return 1
  }
  const name = values.get('i') ?? 'eth0'
  const link = interfaceNamed(io, name)
  if (link === undefined) return fail(`ioctl 0x8933 failed: No such device`)
  if (!io.root) return fail('socket(AF_PACKET,2,8): Operation not permitted')
  const tries = wholeNumber(values.get('t') ?? '3', 0, 1000)
  const pause = wholeNumber(values.get('T') ?? '3', 1, 3600)
  if (tries === undefined || pause === undefined) return fail(`invalid number '${values.get('t') ?? values.get('T')}'`)
  // Without -q it stays and renews: here the system's client does that, which is the one that is asked.
  if (flags.has('f') && !flags.has('q'))
    return fail('staying in the foreground (-f without -q) is real, but not simulated here yet')
  io.err('udhcpc: started, v1.36.1\n')
  if (!link.dhcp) io.kernel.setDhcp(link.index, true)
  let status = 0
  const { interrupted } = yield* watch(
    io,
    'dhcp',
    { action: 'discover', interface: link.index, timeoutMs: Math.max(1, tries) * pause * 1000 },
    (event) => {
      switch (event['kind']) {
        case 'sent':
          if (textOf(event, 'message') === 'DISCOVER') io.err('udhcpc: broadcasting discover\n')
          return
        case 'received': {
          const [address, server] = [textOf(event, 'address'), textOf(event, 'server')]
          const message = textOf(event, 'message')
          if (message === 'OFFER') io.err(`udhcpc: broadcasting select for ${address}, server ${server}\n`)
          if (message === 'NAK') io.err('udhcpc: received DHCP NAK\n')
          return
        }
        case 'bound': {
          const lease = interfaceNamed(io, name)?.lease
          const seconds =
            lease?.expiresAt && lease.obtainedAt
              ? Math.round((lease.expiresAt - lease.obtainedAt) / 1_000_000)
              : numberOf(event, 'renewSeconds') * 2
          io.err(`udhcpc: lease of ${textOf(event, 'address')} obtained from ${textOf(event, 'server')}, lease time ${seconds}\n`)
          return
        }
        case 'failed':
          status = 1
          if (textOf(event, 'reason') === 'not-dhcp') fail(`${name} cannot be handed to DHCP here: that is not simulated`)
          else
            io.err(flags.has('n') || flags.has('q') ? 'udhcpc: no lease, failing\n' : 'udhcpc: no lease, forking to background\n')
          return
        default:
          return
      }
    },
  )
  return interrupted ? INTERRUPTED : flags.has('n') || flags.has('q') ? status : 0
}
