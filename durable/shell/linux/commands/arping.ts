import { parseIp } from '../../../engine/wire/addresses.ts'
import { isIp6 } from '../../ipv6.ts'
import { numberOf, textOf, watch } from '../events.ts'
import { linuxMac, milliseconds } from '../format.ts'
import type { Command, Io, Run } from '../io.ts'
import { firstAddress, interfaceName, interfaceNamed, listedInterfaces, routeTo } from '../links.ts'
import { forward } from '../names.ts'
import { parseOptions, wholeNumber } from '../options.ts'

export const arping: Command = {
  name: 'arping',
  summary: 'asks who has an address, by ARP',
  completions: ['-c', '-I'],
  run: runArping,
}

function* runArping(args: readonly string[], io: Io): Run {
  const options = parseOptions('arping', args, { flags: 'qfADU', values: 'cIw', real: 'bhVsi', status: 2 }, io)
  if (typeof options === 'number') return options
  const { flags, values, operands } = options
  const fail = (text: string) => {
    io.err(`arping: ${text}\n`)
    return 2
  }
  const [target] = operands
  if (target === undefined) return fail('usage error: Destination address required')
  if (isIp6(target)) return fail(`${target}: Address family for hostname not supported`)
  const count = wholeNumber(values.get('c'), 1, 1e6)
  if (values.has('c') && count === undefined) return fail(`invalid argument: '${values.get('c')}'`)
  const deadline = wholeNumber(values.get('w'), 1, 1e6)
  if (values.has('w') && deadline === undefined) return fail(`invalid argument: '${values.get('w')}'`)
  // One a second: so many fit before the deadline.
  const most = count === undefined ? deadline : deadline === undefined ? count : Math.min(count, deadline)
  const found = yield* forward(io, target)
  const address = found.kind === 'found' ? (found.addresses[0] ?? '') : ''
  if (address === '') return fail(`${target}: Name or service not known`)
  const name = values.get('I') ?? interfaceName(listedInterfaces(io), routeTo(io, parseIp(address) ?? 0)?.interface ?? 0)
  const link = interfaceNamed(io, name)
  if (!link)
    return fail(
      values.has('I') ? `Device ${name} not available.` : 'Suitable device could not be determined. Please, use option -I.',
    )
  if (!io.root) return fail('socket: Operation not permitted')
  if (!link.enabled) return fail(`Interface "${name}" is down`)
  const mode = flags.has('D') ? 'probe' : flags.has('A') ? 'answer' : flags.has('U') ? 'announce' : undefined
  const sender = mode === 'probe' ? '0.0.0.0' : mode === undefined ? firstAddress(link) : address
  if ((mode === 'announce' || mode === 'answer') && !link.addresses.some((own) => own.address === address))
    return fail(`bind: Cannot assign requested address`)
  if (!flags.has('q')) io.out(`ARPING ${address} from ${sender} ${name}\n`)
  let [sent, received, broadcasts] = [0, 0, 0]
  const { code } = yield* watch(
    io,
    'arping',
    {
      interface: link.index,
      address,
      count: most ?? null,
      ...(flags.has('f') ? { first: true } : {}),
      ...(mode === undefined ? {} : { mode }),
    },
    (event) => {
      // Until somebody has answered everybody is asked, then only who answered.
      if ((event['kind'] === 'timeout' || event['kind'] === 'reply') && (received === 0 || mode !== undefined)) broadcasts++
      if (event['kind'] === 'timeout') sent++
      if (event['kind'] !== 'reply') return
      sent++
      received++
      const mac = linuxMac(textOf(event, 'mac')).toUpperCase()
      if (!flags.has('q'))
        io.out(`Unicast reply from ${textOf(event, 'address')} [${mac}]  ${milliseconds(numberOf(event, 'micros'))}ms\n`)
    },
  )
  if (!flags.has('q')) io.out(`Sent ${sent} probes (${broadcasts} broadcast(s))\nReceived ${received} response(s)\n`)
  // An address that somebody has is no success; that it was announced is.
  if (mode === 'probe') return received > 0 ? 1 : 0
  if (mode !== undefined) return 0
  return received > 0 ? 0 : code === 0 ? 1 : code
}
