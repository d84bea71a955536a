import { type ReactNode, useState } from 'react'
import type { History, HistoryLine } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import { navigate } from '../../router.ts'
import { toast } from '../../ui/toasts.tsx'
import { useLab } from '../lab-context.ts'
import { laterThan } from './history-log.ts'
import { nameOfLine } from './line-words.ts'
import { RewindConfirm } from './rewind-confirm.tsx'

export type Travel = {
  readonly rewind: (line: HistoryLine) => void
  readonly fork: (line: HistoryLine) => Promise<void>
  readonly undo: (line: HistoryLine) => Promise<void>
  readonly mayUndo: (line: HistoryLine) => boolean
  readonly find: (line: number) => HistoryLine | undefined
  /** What is being asked before it is done. */
  readonly dialog: ReactNode
}

const LONGEST_TITLE = 120

/** Back to a line, without a line, or from a line into a lab of one's own. */
export function useTravel(history: Pick<History, 'lines' | 'branches'>, again: () => void): Travel {
  const lab = useLab()
  const [asking, setAsking] = useState<HistoryLine | null>(null)
  const failed = (what: string) => (error: Error) => toast(`${what} ${error.message}`, 'fail')
  const done = (text: string) => () => {
    toast(text)
    again()
    void lab.askClock()
  }

  const rewind = (line: HistoryLine, force: boolean) =>
    api
      .rewind(lab.id, line.id, force)
      .then(done(`The lab is as it was after ${nameOfLine(line)}`), failed('The lab was not rewound.'))

  const fork = async (line: HistoryLine) => {
    const title = `${lab.state.get().title}, from line ${line.id}`.slice(-LONGEST_TITLE)
    await api.fork(lab.id, line.id, title).then((made) => {
      toast('This is a lab of its own now. The other one goes on without it.')
      navigate(`/labs/${made.id}`)
    }, failed('The lab was not forked.'))
  }

  return {
    rewind: setAsking,
    fork,
    async undo(line) {
      await api
        .undo(lab.id, line.id)
        .then(done(`Undone: ${nameOfLine(line)}. The later lines were run again.`), failed('It was not undone.'))
    },
    mayUndo(line) {
      const { you, people } = lab.state.get()
      const name = people.find((one) => one.id === you)?.name
      const input = line.kind === 'exec' || line.kind === 'hand'
      return input && line.current && (line.by === you || line.by === name)
    },
    find: (line) => history.lines.find((one) => one.id === line),
    dialog: asking !== null && (
      <RewindConfirm
        line={asking}
        later={laterThan(history, asking)}
        onRewind={(force) => void rewind(asking, force)}
        onAsk={() => lab.askBack(asking.id)}
        onClose={() => setAsking(null)}
      />
    ),
  }
}
