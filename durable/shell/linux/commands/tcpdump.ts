import { fromBase64 } from '../../../engine/link/base64.ts'
import type { Json } from '../../../engine/sim/json.ts'
import { maskOf } from '../../../engine/wire/addresses.ts'
import { captureFilter } from '../../../engine/wire/pcap-filter/index.ts'
import { type Fields, numberOf, textOf, watch } from '../events.ts'
import { absolute, openFile } from '../files.ts'
import type { Command, Io, Run } from '../io.ts'
import { interfaceNamed, listedInterfaces } from '../links.ts'
import { type Request, readArguments } from './tcpdump/arguments.ts'
import { type Captured, type DumpStyle, describePacket } from './tcpdump/describe.ts'
import { deviceList, linkOf, linkTypeName } from './tcpdump/devices.ts'
import { hostsOfFilter } from './tcpdump/hosts.ts'
import { readCapture } from './tcpdump/read-file.ts'

export const tcpdump: Command = {
  name: 'tcpdump',
  summary: 'shows the packets of an interface as they pass',
  usage:
    'tcpdump [-AdDelnpqStUvxX#] [ -c count ] [ -F file ] [ -i interface ] [ -Q in|out|inout ]\n\t[ -r file ] [ -s snaplen ] [ -w file ] [ expression ]',
  completions: ['-i', '-n', '-e', '-v', '-c', '-w', '-r', '-X', '-D'],
  run: runTcpdump,
}

function* runTcpdump(args: readonly string[], io: Io): Run {
  const asked = readArguments(args)
  if ('status' in asked) {
    ;(asked.status === 0 ? io.out : io.err)(asked.text)
    return asked.status
  }
  const fail = (text: string): number => {
    io.err(`tcpdump: ${text}\n`)
    return 1
  }
  if (asked.list) {
    io.out(deviceList(io))
    return 0
  }
  const request = withFilterFile(asked, io)
  if (typeof request === 'string') return fail(request)
  const interfaces = new Map(listedInterfaces(io).map((link) => [link.index, link.name]))
  const style: DumpStyle = { ...request.style, zoneMinutes: io.kernel.clock().zoneMinutes, interfaces }
  if (request.dumpCode) return fail('printing the compiled filter (-d) is real, but not simulated here yet')
  if (request.read !== undefined) return yield* readCapture(request, style, io)
  const device = request.device ?? listedInterfaces(io).find((link) => link.kind !== 'loopback' && link.up)?.name ?? 'lo'
  const link = device === 'any' ? undefined : (interfaceNamed(io, device) ?? numbered(device, io))
  if (device !== 'any' && link === undefined) return fail(`${device}: No such device exists\n(No such device exists)`)
  if (!io.root)
    return fail(`${device}: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)`)
  if (link !== undefined && !link.enabled) return fail(`${device}: That device is not up`)
  const layer = linkOf(link)
  if (layer.type === 276) io.err('tcpdump: data link type LINUX_SLL2\n')
  const hosts = yield* hostsOfFilter(request.filter, io)
  const prefix = link?.addresses.find((address) => !address.address.includes(':'))?.prefixLength
  const netmask = prefix === undefined ? undefined : maskOf(prefix)
  const filter = captureFilter(request.filter, { link: layer, hosts: new Map(Object.entries(hosts)), netmask, live: true })
  if (!filter.ok) return fail(filter.error)
  const write = request.write === undefined ? '' : absolute(request.write, io.session.cwd)
  if (request.write === '-') return fail('writing packets to standard output is real, but not simulated here yet')
  if (write !== '') {
    const opened = io.kernel.writeFile(write, '')
    if (!opened.ok)
      return fail(`${request.write}: ${opened.error === 'access-denied' ? 'Permission denied' : 'No space left on device'}`)
  }
  const listening = `listening on ${link?.name ?? 'any'}, link-type ${linkTypeName(layer.type)}, snapshot length ${request.snapLength} bytes\n`
  if (write !== '' || request.style.verbose > 0) io.err(`tcpdump: ${listening}`)
  else io.err(`tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n${listening}`)
  const program = {
    interface: link?.index ?? 0,
    filter: request.filter,
    hosts,
    snapLength: request.snapLength,
    count: request.count,
    direction: request.direction,
    promiscuous: request.promiscuous,
    resolve: !request.style.numeric && write === '',
    epochMicros: io.kernel.clock().epochMicros,
    write,
    unbuffered: request.unbuffered,
  }
  let last: Fields = {}
  let broken = false
  const { interrupted } = yield* watch(
    io,
    'capture',
    program,
    (event) => {
      if (event['kind'] === 'file-full') broken = true
      if (event['kind'] === 'finished') last = event
    },
    (event) => {
      if (event['kind'] !== 'packet') return false
      io.out(describePacket(capturedOf(event), style))
      return true
    },
  )
  if (broken) return fail('Unable to write output: No space left on device')
  if (interrupted && write === '') io.out('\n')
  const [captured, received, dropped] = ['captured', 'received', 'dropped'].map((key) => numberOf(last, key)) as [
    number,
    number,
    number,
  ]
  io.err(`${plural(captured)} captured\n${plural(received)} received by filter\n${plural(dropped)} dropped by kernel\n`)
  return 0
}

const plural = (count: number): string => `${count} packet${count === 1 ? '' : 's'}`

/** `-i 1`: as `-D` numbers them. */
function numbered(device: string, io: Io): ReturnType<typeof interfaceNamed> {
  if (!/^\d+$/.test(device)) return undefined
  const line = deviceList(io).split('\n')[Number(device) - 1] ?? ''
  return interfaceNamed(io, line.replace(/^\d+\./, '').split(' ')[0] ?? '')
}

function withFilterFile(request: Request, io: Io): Request | string {
  if (request.filterFile === undefined) return request
  const file = openFile(io, request.filterFile)
  if ('fault' in file) return `can't open ${request.filterFile}: ${file.fault}`
  return { ...request, filter: file.text.replace(/#.*$/gm, '').trim() }
}

function capturedOf(event: Fields): Captured {
  const bases = event['bases']
  const [a = 0, b = 0, c = 0] = Array.isArray(bases) ? (bases as number[]) : []
  return {
    linkType: numberOf(event, 'linkType'),
    timeMicros: numberOf(event, 'time'),
    before: numberOf(event, 'before'),
    first: numberOf(event, 'first'),
    bytes: fromBase64(textOf(event, 'bytes')) ?? new Uint8Array(0),
    length: numberOf(event, 'length'),
    bases: [a, b, c],
    names: namesOf(event['names']),
    number: numberOf(event, 'number'),
  }
}

function namesOf(value: Json | undefined): Map<string, string> {
  const pairs = Array.isArray(value) ? (value as readonly (readonly [string, string])[]) : []
  return new Map(pairs)
}
