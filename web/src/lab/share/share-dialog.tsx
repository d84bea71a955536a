import { useCallback } from 'react'
import { Problem } from '../../api/http.ts'
import { links } from '../../api/links.ts'
import { useLoad } from '../../api/use-load.ts'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useLab } from '../lab-context.ts'
import { LinkForm } from './link-form.tsx'
import { LinkList } from './link-list.tsx'
import './share.css'

/** Everything that lets others into the lab: its address, invitations with a part and an end, moments. */
export default function ShareDialog({ onClose }: { readonly onClose: () => void }) {
  const { id } = useLab()
  const loaded = useLoad(useCallback(() => links.list(id), [id]))
  const mayNot = loaded.state === 'failed' && loaded.error instanceof Problem && loaded.error.status === 403
  return (
    <Dialog title="Share this lab" onClose={onClose}>
      <section className="share-address" aria-label="Address">
        <p>Whoever may open this lab anyway only needs its address.</p>
        <Button small onClick={() => void copyText(`${window.location.origin}/labs/${id}`, 'The address is copied')}>
          <Icon name="link" size={14} /> Copy the address
        </Button>
      </section>
      {mayNot ? (
        <p className="share-none">Links that invite others are made by who started this lab, and by those who teach.</p>
      ) : (
        <>
          <LinkForm onMade={loaded.reload} />
          <section aria-label="Links">
            <h4>Links to this lab</h4>
            {loaded.state === 'loading' && <Loading text="Looking for links" />}
            {loaded.state === 'failed' && <p className="share-none">{loaded.error.message}</p>}
            {loaded.state === 'ready' && <LinkList links={loaded.value.links} onChanged={loaded.reload} />}
          </section>
        </>
      )}
    </Dialog>
  )
}
