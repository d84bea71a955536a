// Test-VMNetworkAdapter: whether an echo from one machine's adapter comes back from another address.
import { allEvents, numberOf } from '../../../windows/program.ts'
import { cmdlet } from '../../cmdlet.ts'
import { object } from '../../values/value.ts'
import { refuse, tail, typed } from '../hyper-v.ts'
import { chosenAdapters } from '../vm-network-adapters.ts'

const FAILED = 'Failed to test the virtual network adapter.'

export const testVmNetworkAdapter = cmdlet(
  {
    name: 'Test-VMNetworkAdapter',
    module: 'Hyper-V',
    synopsis: 'Tests connectivity between virtual machines.',
    supports: [
      'VMName',
      'VM',
      'VMNetworkAdapter',
      'Name',
      'Sender',
      'Receiver',
      'SenderIPAddress',
      'ReceiverIPAddress',
      'SequenceNumber',
      'PayloadSize',
      'Confirm',
    ],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const from = bound.text('SenderIPAddress') ?? ''
    const to = bound.text('ReceiverIPAddress') ?? ''
    for (const one of chosenAdapters(call, bound, 'Name')) {
      const target = `${one.name}:String`
      const own = bound.flag('Receiver') ? to : from
      const guest = one.running ? call.kernel.guest(one.vmId) : undefined
      const stands = guest?.interfaces().some(({ addresses }) => addresses.some(({ address }) => address === own))
      if (guest === undefined || !stands) {
        const why =
          guest === undefined ? 'The virtual machine is not running.' : `The address ${own} is not one of the virtual machine's.`
        call.error(refuse(`${FAILED}\n${why}`, target, 'InvalidOperation', 'InvalidOperation'))
        continue
      }
      // Whoever receives answers by itself.
      if (bound.flag('Receiver')) continue
      const events = yield* allEvents(guest, 'ping', {
        host: to,
        source: from,
        count: 1,
        size: bound.number('PayloadSize') ?? 32,
        timeoutMs: 2000,
        intervalMs: 1000,
        dialect: 'linux',
      })
      const reply = events.find(({ kind }) => kind === 'reply')
      if (reply === undefined) {
        call.error(refuse(`${FAILED}\nNo answer came from ${to}.`, target, 'ConnectionError', 'OperationTimeout'))
        continue
      }
      yield* call.emit(
        object(typed('VMNetworkAdapterConnectionTestResult'), {
          RoundTripTime: Math.max(1, Math.floor(numberOf(reply['micros']) / 1000)),
          SequenceNumber: bound.number('SequenceNumber') ?? 0,
          ...tail(call),
        }),
      )
    }
  },
)
