import { cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'

export const getHistory = cmdlet(
  {
    name: 'Get-History',
    module: 'Microsoft.PowerShell.Core',
    synopsis: 'Gets a list of the commands entered during the current session.',
    supports: ['Id', 'Count'],
    signature: 'Id:Int64[]@0<v Count:Int32@1',
  },
  function* (call, bound) {
    const history = (call.frame.session.memory['history'] ?? []) as readonly string[]
    const before = Number(call.frame.session.memory['forgotten'] ?? 0)
    const all = history
      .map((line, i) => ({ id: before + i + 1, line }))
      .filter(({ id }) => !bound.has('Id') || bound.numbers('Id').includes(id))
    const count = bound.number('Count')
    for (const { id, line } of count === undefined ? all : all.slice(-count))
      yield* call.emit(
        object('Microsoft.PowerShell.Commands.HistoryInfo', { Id: id, CommandLine: line, ExecutionStatus: 'Completed' }, line),
      )
  },
)
