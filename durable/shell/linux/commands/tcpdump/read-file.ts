import { formatAddress } from '../../../../engine/wire/addresses.ts'
import { octetsOf } from '../../../../engine/wire/bytes.ts'
import { addressesOf } from '../../../../engine/wire/capture/addresses-of.ts'
import { Conversations } from '../../../../engine/wire/capture/conversations.ts'
import { pcapHeader, pcapRecord, readPcap } from '../../../../engine/wire/capture/pcap-file.ts'
import { captureFilter, linkLayerOf } from '../../../../engine/wire/pcap-filter/index.ts'
import { absolute, openFile } from '../../files.ts'
import type { Io, Run } from '../../io.ts'
import { reverseNames } from '../../names.ts'
import type { Request } from './arguments.ts'
import { type DumpStyle, describePacket } from './describe.ts'
import { linkTypeName } from './devices.ts'
import { hostsOfFilter } from './hosts.ts'

/** `tcpdump -r`: the packets of a file, printed, counted, or those that pass the filter written into another. */
export function* readCapture(request: Request, style: DumpStyle, io: Io): Run {
  const name = request.read ?? ''
  const fail = (text: string): number => {
    io.err(`tcpdump: ${text}\n`)
    return 1
  }
  const file = openFile(io, name)
  if ('fault' in file) return fail(`${name}: ${file.fault}`)
  const read = readPcap(octetsOf(file.text))
  if (typeof read === 'string') return fail(read)
  const link = linkLayerOf(read.linkType)
  if (link === undefined) return fail(`link type ${read.linkType} is real, but not simulated here yet`)
  io.err(`reading from file ${name}, link-type ${linkTypeName(link.type)}, snapshot length ${read.snapLength}\n`)
  const hosts = yield* hostsOfFilter(request.filter, io)
  const filter = captureFilter(request.filter, { link, hosts: new Map(Object.entries(hosts)), netmask: undefined, live: false })
  if (!filter.ok) return fail(filter.error)
  const lookup = reverseNames(io)
  const conversations = new Conversations()
  let written = latin(pcapHeader(link.type, read.snapLength))
  let [number, before, first] = [0, 0, 0]
  for (const { bytes, length, timeMicros } of read.packets) {
    if (request.count !== null && number >= request.count) break
    if (!filter.passes({ bytes, length })) continue
    number++
    if (number === 1) [before, first] = [timeMicros, timeMicros]
    if (request.write !== undefined) written += latin(pcapRecord({ timeMicros, bytes, length }))
    else if (!request.onlyCount) {
      const names = new Map<string, string>()
      for (const address of style.numeric ? [] : addressesOf(bytes, link).map(formatAddress)) {
        const found = yield* lookup(address)
        if (found !== undefined) names.set(address, found)
      }
      const bases = conversations.follow(bytes, link.netAt)
      io.out(describePacket({ linkType: link.type, timeMicros, bytes, length, bases, names, before, first, number }, style))
    }
    before = timeMicros
  }
  if (request.onlyCount) io.out(`${number} packet${number === 1 ? '' : 's'}\n`)
  if (request.write !== undefined && !io.kernel.writeFile(absolute(request.write, io.session.cwd), written).ok)
    return fail(`${request.write}: Permission denied`)
  if (read.fault !== undefined) return fail(`pcap_loop: ${read.fault}`)
  return 0
}

const latin = (bytes: Uint8Array): string => {
  let text = ''
  for (const octet of bytes) text += String.fromCharCode(octet)
  return text
}
