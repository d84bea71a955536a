import { cmdlet } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { property } from '../../values/value.ts'
import { chosenOf, refusal } from '../cim.ts'
import { neighborFilters, neighborObjects } from '../get-net-neighbor.ts'

export const setNetNeighbor = cmdlet(
  {
    name: 'Set-NetNeighbor',
    module: 'NetTCPIP',
    synopsis: 'Modifies a neighbor cache entry.',
    supports: [
      'IPAddress',
      'InterfaceAlias',
      'InterfaceIndex',
      'State',
      'AddressFamily',
      'IncludeAllCompartments',
      'InputObject',
      'LinkLayerAddress',
      'PassThru',
      'Confirm',
    ],
    classes: { InputObject: 'MSFT_NetNeighbor' },
    defaultSet: 'ByName',
  },
  function* (call, bound) {
    const { IPAddress, InterfaceAlias, InterfaceIndex, State, AddressFamily } = neighborFilters
    const filters = { IPAddress, InterfaceAlias, InterfaceIndex, State, AddressFamily }
    const found = chosenOf(call, bound, 'MSFT_NetNeighbor', neighborObjects(call.kernel), filters, 'query')
    const mac = (bound.text('LinkLayerAddress') ?? '').replace(/[-:.]/g, '')
    const shows = bound.flag('PassThru')
    for (const one of found) {
      const [index, address] = [Number(property(one, 'InterfaceIndex') ?? 0), text(property(one, 'IPAddress') ?? '')]
      if (mac === '') continue
      const done = call.kernel.addNeighbor(index, address, (mac.match(/../g) ?? []).join('-'))
      if (!done.ok) call.error(refusal(done, 'MSFT_NetNeighbor:String'))
      else if (shows)
        for (const now of neighborObjects(call.kernel))
          if (Number(property(now, 'InterfaceIndex')) === index && property(now, 'IPAddress') === address) yield* call.emit(now)
    }
  },
)
