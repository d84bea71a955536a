import type { Command, Io, Run } from '../io.ts'
import { notSimulated } from '../io.ts'
import { parseOptions } from '../options.ts'
import { routeTable } from '../route-table.ts'

export const route: Command = {
  name: 'route',
  summary: 'the route table, as net-tools shows it',
  completions: ['-n'],
  run: runRoute,
}

function* runRoute(args: readonly string[], io: Io): Run {
  const options = parseOptions('route', args, { flags: 'n', real: 'eveFCAVh46', status: 1 }, io)
  if (typeof options === 'number') return options
  if (options.operands.length > 0) {
    io.err(notSimulated(`route ${options.operands[0]} (write: ip route ${options.operands[0]})`))
    return 1
  }
  io.out(yield* routeTable(io, { numeric: options.flags.has('n'), columns: 'metric' }))
  return 0
}
