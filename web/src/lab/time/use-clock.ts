import { useState } from 'react'
import type { AdvanceAnswer, AdvanceRequest, ClockChange } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import { toast } from '../../ui/toasts.tsx'
import { useLab } from '../lab-context.ts'

/** What an advance led to; `asked` names it. */
export type Outcome = { readonly asked: string; readonly answer: AdvanceAnswer }

/** Asks the lab to change its clock or to let time pass. Everybody's clock follows by the lab's own word. */
export function useClock() {
  const lab = useLab()
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<Outcome | null>(null)

  const change = (wanted: ClockChange) =>
    void api.setClock(lab.id, wanted).then(
      (state) => {
        setOutcome(null)
        lab.tellClock(state)
      },
      (error: Error) => toast(`The clock stays as it was. ${error.message}`, 'fail'),
    )

  const advance = (asked: string, request: AdvanceRequest) => {
    setBusy(true)
    void api
      .advance(lab.id, request)
      .then(
        async (answer) => {
          setOutcome({ asked, answer })
          lab.turned()
          await lab.askClock()
        },
        (error: Error) => toast(`Time did not go on. ${error.message}`, 'fail'),
      )
      .finally(() => setBusy(false))
  }

  return { busy, outcome, change, advance }
}
