// dmesg, as far as it concerns the network: what `-j LOG` left. nft: the other way to write the same tables.

import { type Command, instant, notSimulated } from '../io.ts'
import { linuxOf } from '../ip/kernel-links.ts'

export const dmesg: Command = {
  name: 'dmesg',
  summary: 'what the kernel has logged: packets that -j LOG named',
  usage: 'dmesg',
  run: instant((args, io) => {
    if (args.length > 0 && !/^-[HTwL]$/.test(args[0] ?? '')) {
      io.err(`dmesg: unrecognized option '${args[0]}'\n`)
      return 1
    }
    if (!io.root) {
      io.err('dmesg: read kernel buffer failed: Operation not permitted\n')
      return 1
    }
    const { bootedAt } = io.kernel.identity()
    for (const { at, text } of linuxOf(io).kernelLog()) {
      const micros = at - bootedAt
      io.out(`[${String(Math.floor(micros / 1_000_000)).padStart(5)}.${String(micros % 1_000_000).padStart(6, '0')}] ${text}\n`)
    }
    return 0
  }),
}

export const nft: Command = {
  name: 'nft',
  summary: 'the packet filter by its own language: not simulated, iptables is',
  usage: 'nft',
  run: instant((args, io) => {
    io.err(
      args[0]?.startsWith('-') && args[0] !== '-f'
        ? `nft: unrecognized option '${args[0]}'\n`
        : notSimulated('nft (write: iptables)'),
    )
    return 1
  }),
}
