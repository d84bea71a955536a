import { isIp6 } from '../../ipv6.ts'
import { allEvents, numberOf, textOf } from '../../windows/program.ts'
import { cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'

export const testConnection = cmdlet(
  {
    name: 'Test-Connection',
    module: 'Microsoft.PowerShell.Management',
    synopsis: 'Sends echo requests to one or more computers.',
    supports: ['ComputerName', 'Count', 'Quiet', 'BufferSize', 'Delay'],
    signature:
      'ComputerName![]@0<n(CN,IPAddress,__SERVER,Server,Destination) Count:Int32 Quiet? BufferSize:Int32(Size,Bytes,BS) Delay:Int32 AsJob? Source[]@1 TimeToLive:Int32(TTL) ThrottleLimit:Int32 Credential:PSCredential Impersonation',
  },
  function* (call, bound) {
    const count = bound.number('Count') ?? 4
    const size = bound.number('BufferSize') ?? 32
    for (const host of bound.texts('ComputerName')) {
      const events = yield* allEvents(call.kernel, 'ping', {
        host,
        count,
        size,
        timeoutMs: 4000,
        intervalMs: (bound.number('Delay') ?? 1) * 1000,
        resolveReverse: false,
        dialect: 'windows',
      })
      const replies = events.filter((event) => event.kind === 'reply')
      if (bound.flag('Quiet')) {
        yield* call.emit(replies.length > 0)
        continue
      }
      const fail = (reason: string) =>
        call.error({
          message: `Testing connection to computer '${host}' failed: ${reason}`,
          category: 'ResourceUnavailable',
          target: `${host}:String`,
          exception: 'PingException',
          id: 'TestConnectionException',
        })
      const started = events.find((event) => event.kind === 'started')
      if (started === undefined) {
        fail('No such host is known')
        continue
      }
      for (const event of events) {
        if (event.kind === 'reply') {
          const time = Math.floor(numberOf(event.micros) / 1000)
          yield* call.emit(
            object('System.Management.ManagementObject#root/cimv2/PingStatus', {
              Source: call.kernel.identity().hostname.toUpperCase(),
              Destination: host,
              Address: host,
              IPV4Address: isIp6(textOf(started.address)) ? null : textOf(started.address),
              IPV6Address: isIp6(textOf(started.address)) ? textOf(started.address) : null,
              BufferSize: size,
              ReplySize: size,
              ResponseTime: time,
              ResponseTimeToLive: numberOf(event.ttl),
              StatusCode: 0,
              ProtocolAddress: textOf(started.address),
            }),
          )
        } else if (event.kind === 'timeout' || event.kind === 'unreachable' || event.kind === 'failed')
          fail('Error due to lack of resources')
      }
    }
  },
)
