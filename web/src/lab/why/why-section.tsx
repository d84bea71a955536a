import { lazy, Suspense, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useLab } from '../lab-context.ts'
import { useExplanation } from './use-explanation.ts'
import './why.css'
import { type Evidence, type Sentence, WhySentence } from './why-sentence.tsx'

const TableDialog = lazy(() => import('./table-dialog.tsx'))

type Props = {
  readonly packet: number
  /** The sighting that is open: its bytes can be marked at once. */
  readonly sequence: number
  /** A virtual machine has a way of its own to the wire, which is told on request. */
  readonly guest: boolean
  readonly onEvidence: (evidence: Evidence) => void
}

/** The chain from the command to what decided the packet's end, one sentence a link. */
export default function WhySection({ packet, sequence, guest, onEvidence }: Props) {
  const { id } = useLab()
  const [path, setPath] = useState(false)
  const [table, setTable] = useState<Sentence['table'] | null>(null)
  const why = useExplanation(id, packet, path)
  if (why.state === 'failed') return <p className="why-section failed">{why.error.message}</p>
  if (why.state === 'loading') {
    return (
      <p className="why-section" role="status">
        Finding out…
      </p>
    )
  }
  const { title, outcome, sentences } = why.value
  const dropped = outcome === 'dropped'
  return (
    <section className="why-section" aria-label="Why">
      <header>
        <h4>{title}</h4>
        <span className={dropped ? 'ending dropped' : 'ending'}>
          <Icon name={dropped ? 'warn' : outcome === 'unknown' ? 'question' : 'check'} size={13} /> {outcome}
        </span>
        {guest && (
          <Button small aria-pressed={path} onClick={() => setPath(!path)}>
            <Icon name="guest" size={13} /> The whole way
          </Button>
        )}
      </header>
      <ol>
        {sentences.map((sentence, at) => (
          <WhySentence
            // biome-ignore lint/suspicious/noArrayIndexKey: sentences may repeat, and never change places
            key={at}
            {...{ sentence, packet, sequence, onEvidence }}
            onTable={setTable}
          />
        ))}
      </ol>
      {table != null && (
        <Suspense fallback={null}>
          <TableDialog {...table} onClose={() => setTable(null)} />
        </Suspense>
      )}
    </section>
  )
}
