import type { Explanation } from '../../../../durable/protocol.ts'
import { Button } from '../../ui/button.tsx'
import type { Range } from '../packets/ranges.ts'

export type Sentence = Explanation['sentences'][number]

/** What a sentence points at: bytes to mark while it is looked at, or another packet or place to open. */
export type Evidence =
  | { readonly kind: 'mark'; readonly bytes: Range | null }
  | { readonly kind: 'open'; readonly packet: number; readonly sequence: number | null; readonly bytes: Range | null }

type Props = {
  readonly sentence: Sentence
  readonly packet: number
  readonly sequence: number
  readonly onEvidence: (evidence: Evidence) => void
  readonly onTable: (table: NonNullable<Sentence['table']>) => void
}

const bytesText = ({ from, to }: Range) => (to - from === 1 ? `Byte ${from}` : `Bytes ${from} to ${to - 1}`)

export function WhySentence({ sentence, packet, sequence, onEvidence, onTable }: Props) {
  const { text, bytes = null, table } = sentence
  const there = sentence.packet !== undefined && sentence.packet !== packet
  const elsewhere = there || (sentence.sequence !== undefined && sentence.sequence !== sequence)
  const open = () => onEvidence({ kind: 'open', packet: sentence.packet ?? packet, sequence: sentence.sequence ?? null, bytes })
  const mark = (on: boolean) => () => onEvidence({ kind: 'mark', bytes: on ? bytes : null })
  return (
    <li>
      <span>{text}</span>
      {bytes !== null && !elsewhere && (
        <button
          type="button"
          className="bytes"
          onFocus={mark(true)}
          onBlur={mark(false)}
          onPointerEnter={mark(true)}
          onPointerLeave={mark(false)}
          onClick={open}
        >
          {bytesText(bytes)}
        </button>
      )}
      {elsewhere && (
        <Button small quiet className="goes" onClick={open}>
          {there ? 'Show that packet' : bytes === null ? 'Show it there' : `${bytesText(bytes)}, there`}
        </Button>
      )}
      {table !== undefined && (
        <Button small quiet className="goes" onClick={() => onTable(table)}>
          Table {table.table} of {table.machine}
        </Button>
      )}
    </li>
  )
}
