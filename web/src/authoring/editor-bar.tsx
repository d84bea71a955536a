import { useState } from 'react'
import { type AuthoredDetails, authoring, type TextFault } from '../api/authoring.ts'
import { Problem } from '../api/http.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { toast } from '../ui/toasts.tsx'
import type { DraftKeeper } from './draft-keeper.ts'
import { SaveStatus } from './save-status.tsx'
import { StateChip } from './state-chip.tsx'
import { Versions } from './versions.tsx'

type Props = {
  readonly lab: AuthoredDetails
  readonly title: string
  readonly keeper: DraftKeeper
  readonly faults: readonly TextFault[]
  readonly variants: number
  readonly seed: number
  readonly onLab: (lab: AuthoredDetails) => void
  readonly onReload: () => Promise<void>
  readonly onShow: (fault: TextFault) => void
  readonly onTried: (trial: string) => void
}
type Asked = 'try' | 'publish' | 'versions' | null

/** What is done with the whole lab. Everything here saves first. */
export function EditorBar(props: Props) {
  const { lab, title, keeper, faults, variants, onLab, onReload, onShow, onTried } = props
  const [asked, setAsked] = useState<Asked>(null)
  const [busy, setBusy] = useState('')
  const [note, setNote] = useState('')
  const [seed, setSeed] = useState('')

  const run = async (what: string, act: () => Promise<void>) => {
    setBusy(what)
    try {
      if (!(await keeper.flush())) throw new Error('What you wrote could not be saved.')
      await act()
    } catch (error) {
      const { line, field, message } = error as Problem
      toast(`${what} did not work. ${message}`, 'fail')
      if (error instanceof Problem && line !== undefined)
        onShow({ file: 'definition', line, field: field ?? '', reason: message })
    } finally {
      setBusy('')
    }
  }
  const tryIt = () =>
    run('Trying it', async () => {
      const built = await authoring.tryIt(lab.id, seed.trim() === '' ? null : Number(seed))
      onTried(built.id)
    })
  const publish = () =>
    run('Publishing', async () => {
      const version = await authoring.publish(lab.id, keeper.read, note)
      setNote('')
      toast(`Version ${version.number} is published`)
      await onReload()
    })
  const restore = (number: number) =>
    run('Restoring', async () => {
      const now = await authoring.restore(lab.id, number, keeper.read)
      if (now.draft !== null) keeper.replace(now.draft)
      onLab(now)
      setAsked(null)
      toast(`Version ${number} is the draft now`)
    })
  const withdraw = () =>
    run('Withdrawing', async () => {
      onLab(await authoring.withdraw(lab.id))
      toast('No assignment can pick it from now on')
    })

  const [first] = faults
  return (
    <div className="editor-bar">
      <Button small quiet aria-label="Back to all labs that you write" onClick={() => navigate('/authoring')}>
        <Icon name="back" size={13} /> All
      </Button>
      <h1 className="editor-title">{title}</h1>
      <StateChip state={lab.state} version={lab.latest?.number ?? null} />
      <SaveStatus keeper={keeper} />
      <span className="grow" />
      <Button small onClick={() => setAsked('versions')}>
        <Icon name="history" size={13} /> Versions
      </Button>
      <Button small disabled={busy !== ''} onClick={() => (variants > 1 ? setAsked('try') : void tryIt())}>
        <Icon name="play" size={12} /> {busy === 'Trying it' ? 'Building…' : 'Try it'}
      </Button>
      <Button small primary disabled={busy !== ''} onClick={() => (first === undefined ? setAsked('publish') : onShow(first))}>
        {first === undefined ? 'Publish' : `Show the fault${faults.length === 1 ? '' : 's'}`}
      </Button>
      {asked === 'try' && (
        <Confirm
          title="Try it as a student"
          action="Build the lab"
          danger={false}
          onConfirm={() => void tryIt()}
          onClose={() => setAsked(null)}
        >
          <p>Which of the {variants.toLocaleString('en-GB')} variants do you want to see?</p>
          <label className="asked-field">
            Seed, empty for any
            <input
              className="field mono"
              inputMode="numeric"
              pattern="[0-9]{0,10}"
              placeholder={String(props.seed)}
              value={seed}
              onChange={(event) => setSeed(event.target.value)}
            />
          </label>
        </Confirm>
      )}
      {asked === 'publish' && (
        <Confirm
          title={`Publish ${title}`}
          action="Publish"
          danger={false}
          onConfirm={() => void publish()}
          onClose={() => setAsked(null)}
        >
          <p>
            This makes version {(lab.latest?.number ?? 0) + 1}, which assignments can pick and which never changes again. You go
            on with the draft.
          </p>
          <label className="asked-field">
            What is new, for your colleagues
            <input className="field" maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
          </label>
        </Confirm>
      )}
      {asked === 'versions' && (
        <Dialog title={`Versions of ${title}`} onClose={() => setAsked(null)}>
          <Versions
            lab={lab}
            onRestore={(number) => void restore(number)}
            onWithdraw={lab.state === 'published' ? () => void withdraw() : null}
          />
        </Dialog>
      )}
    </div>
  )
}
