import { useCallback } from 'react'
import { api } from '../../api/client.ts'
import { links } from '../../api/links.ts'
import { useLoad } from '../../api/use-load.ts'
import { navigate } from '../../router.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { toast } from '../../ui/toasts.tsx'
import './share.css'
import { whenText } from '../../ui/when.ts'

/** Over a lab that shows another one as it was: what it is, until when, and the ways on from here. */
export function ViewBar({ id, title }: { readonly id: string; readonly title: string }) {
  const view = useLoad(useCallback(() => links.viewOf(id), [id]))
  if (view.state !== 'ready') return null
  const { of, line, at, expiresAt } = view.value
  const moment = line === 0 ? 'at the beginning' : line !== null ? `after line ${line}` : `at ${(at ?? 0) / 1e6} s of its time`
  const fork = () =>
    api.forkNow(id, title).then(
      (made) => navigate(`/labs/${made.id}`),
      (error: Error) => toast(`No copy was made. ${error.message}`, 'fail'),
    )
  return (
    <section className="lab-bar view-bar" aria-label="As it was">
      <Icon name="history" size={14} />
      <span>
        This is the lab as it was <strong>{moment}</strong>. Nobody types here; it can be looked at until {whenText(expiresAt)}.
      </span>
      <span className="grow" />
      <Button small onClick={() => void fork()}>
        <Icon name="fork" size={13} /> Start a copy from here
      </Button>
      <Button small onClick={() => navigate(`/labs/${of}`)}>
        Go to the lab
      </Button>
    </section>
  )
}
