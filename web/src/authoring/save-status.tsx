import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useStore } from '../ui/store.ts'
import { whenText } from '../ui/when.ts'
import type { DraftKeeper } from './draft-keeper.ts'

/** Whether what is on the page is safe. */
export function SaveStatus({ keeper }: { readonly keeper: DraftKeeper }) {
  const { state, message, savedAt } = useStore(keeper.store, (value) => value)
  return (
    <span className={`save-status ${state}`} role="status">
      {state === 'saved' && (
        <>
          <Icon name="check" size={13} /> Saved {whenText(savedAt)}
        </>
      )}
      {state === 'dirty' && 'Not saved yet'}
      {state === 'saving' && 'Saving…'}
      {state === 'conflict' && (
        <>
          <Icon name="warn" size={13} /> Not saved: changed elsewhere
        </>
      )}
      {state === 'failed' && (
        <>
          <Icon name="warn" size={13} /> Not saved. {message}
          <Button small onClick={() => void keeper.flush()}>
            Save now
          </Button>
        </>
      )}
    </span>
  )
}
