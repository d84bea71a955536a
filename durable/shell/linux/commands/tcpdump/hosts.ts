import { namesInFilter } from '../../../../engine/wire/pcap-filter/index.ts'
import type { Io } from '../../io.ts'
import { forward, type Lookup } from '../../names.ts'

/** The addresses of the names in a filter, asked for one after the other as libpcap does when it compiles. */
export function* hostsOfFilter(filter: string, io: Io): Lookup<{ [name: string]: string[] }> {
  const hosts: { [name: string]: string[] } = {}
  for (const name of namesInFilter(filter)) {
    const found = yield* forward(io, name)
    if (found.kind === 'found') hosts[name] = [...found.addresses]
  }
  return hosts
}
