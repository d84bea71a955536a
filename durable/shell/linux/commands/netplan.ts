// netplan: the network as /etc/netplan describes it, applied now.

import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { linuxOf } from '../ip/kernel-links.ts'

export const netplan: Command = {
  name: 'netplan',
  summary: 'applies the network configuration of /etc/netplan',
  usage: 'netplan { apply | get }',
  completions: ['apply', 'get'],
  run: instant(runNetplan),
}

function runNetplan(args: readonly string[], io: Io): number {
  const [verb] = args
  if (verb === undefined) {
    io.err('usage: /usr/sbin/netplan  [-h] [--debug]  ...\n'.replace('  [', ' ['))
    return 1
  }
  if (verb === 'get') {
    for (const { name } of io.kernel.listFiles('/etc/netplan') ?? []) io.out(io.kernel.readFile(`/etc/netplan/${name}`) ?? '')
    return 0
  }
  if (['try', 'generate', 'ip', 'set', 'rebind', 'status', 'info', 'migrate'].includes(verb)) {
    io.err(notSimulated(`netplan ${verb}`))
    return 1
  }
  if (verb !== 'apply') {
    io.err(`netplan: error: argument : invalid choice: '${verb}' (choose from 'apply', 'get')\n`)
    return 2
  }
  if (!io.root) {
    io.err('ERROR:root: this command must be run with root privileges\n'.replace('ERROR:root: ', ''))
    return 1
  }
  const fault = linuxOf(io).applyNetplan()
  if (fault === null) return 0
  io.err(`${fault}\n`)
  return 78
}
