import { useState } from 'react'
import { type AuthoredDetails, authoring } from '../api/authoring.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useStore } from '../ui/store.ts'
import { toast } from '../ui/toasts.tsx'
import type { DraftKeeper } from './draft-keeper.ts'

/** Somebody else has saved: nothing is lost, whichever way it goes on. */
export function ConflictNotice({ lab, keeper }: { readonly lab: AuthoredDetails; readonly keeper: DraftKeeper }) {
  const { state, message } = useStore(keeper.store, (value) => value)
  const [busy, setBusy] = useState(false)
  if (state !== 'conflict') return null

  const act = async (what: () => Promise<string>) => {
    setBusy(true)
    try {
      toast(await what())
    } catch (error) {
      toast(`That did not work; your text is still here. ${(error as Error).message}`, 'fail')
    } finally {
      setBusy(false)
    }
  }
  const theirs = async () => {
    const { draft } = await authoring.read(lab.id)
    if (draft === null) throw new Error('The draft was deleted in the meantime.')
    return draft
  }
  const asCopy = async () => {
    const { texts } = keeper.store.get()
    const copy = await authoring.create({})
    await authoring.save(copy.id, copy.revision ?? 1, texts)
    return copy.id
  }
  return (
    <div className="conflict-notice" role="alert">
      <p>
        <Icon name="warn" /> <strong>{message}</strong> Your text is here on this page, theirs is saved.
      </p>
      <div className="conflict-ways">
        <Button
          small
          disabled={busy}
          onClick={() =>
            void act(async () => {
              const id = await asCopy()
              keeper.replace(await theirs())
              navigate(`/authoring/${id}`)
              return 'Your text is a lab of its own now, under the same title'
            })
          }
        >
          Keep mine as another lab
        </Button>
        <Button
          small
          disabled={busy}
          onClick={() =>
            void act(async () => {
              const id = await asCopy()
              keeper.replace(await theirs())
              return `Theirs is loaded; yours is kept as another lab (${id})`
            })
          }
        >
          Load theirs, keep mine beside it
        </Button>
        <Button
          small
          danger
          disabled={busy}
          onClick={() =>
            void act(async () => {
              if (!(await keeper.overwrite(await theirs()))) throw new Error(keeper.store.get().message)
              return 'Your text is saved over theirs'
            })
          }
        >
          Save mine over theirs
        </Button>
      </div>
    </div>
  )
}
