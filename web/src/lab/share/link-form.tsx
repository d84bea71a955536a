import { useState } from 'react'
import { links, type MadeLink } from '../../api/links.ts'
import { Button } from '../../ui/button.tsx'
import { Choose } from '../../ui/choose.tsx'
import { copyText } from '../../ui/copy.ts'
import { Icon } from '../../ui/icon.tsx'
import { toast } from '../../ui/toasts.tsx'
import { whenText } from '../../ui/when.ts'
import { useLab } from '../lab-context.ts'
import { type Gives, gives, lasts, whatItGives, wishOf } from './link-words.ts'

const choices = Object.entries(gives) as [Gives, string][]

/** What a link gives, until when and to how many; then the link is shown, once. */
export function LinkForm({ onMade }: { readonly onMade: () => void }) {
  const { id } = useLab()
  const [what, setWhat] = useState<Gives>('work')
  const [minutes, setMinutes] = useState(24 * 60)
  const [people, setPeople] = useState('')
  const [line, setLine] = useState('0')
  const [label, setLabel] = useState('')
  const [made, setMade] = useState<MadeLink | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const ofMoment = what === 'read' || what === 'fork'

  const make = () => {
    const more = { label: label.trim(), minutes, ...(people !== '' && { maxUses: Number(people) }) }
    links.make(id, wishOf(what, Number(line), more)).then(
      (link) => {
        setMade(link)
        setFault(null)
        onMade()
      },
      (error: Error) => setFault(error.message),
    )
  }
  const address = made === null ? '' : window.location.origin + made.path
  return (
    <section className="share-form" aria-label="Make a link">
      <h4>Make a link</h4>
      <p>For people of your organisation. They sign in, and the link ends when you say so.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          make()
        }}
      >
        <Choose label="It lets them" value={what} options={choices} onChoose={setWhat} />
        {ofMoment && (
          <label>
            After line (0: the beginning)
            <input
              className="field"
              type="number"
              min={0}
              required
              value={line}
              onChange={(event) => setLine(event.target.value)}
            />
          </label>
        )}
        <Choose label="For" value={minutes} options={lasts} onChoose={setMinutes} />
        <label>
          People
          <input
            className="field"
            type="number"
            min={1}
            max={1_000}
            placeholder="any number"
            value={people}
            onChange={(event) => setPeople(event.target.value)}
          />
        </label>
        <label>
          Note
          <input
            className="field"
            maxLength={80}
            placeholder="for whom it is"
            value={label}
            onChange={(event) => setLabel(event.target.value)}
          />
        </label>
        <Button primary type="submit">
          <Icon name="link" size={13} /> Make the link
        </Button>
      </form>
      {fault !== null && (
        <p className="share-fault" role="alert">
          {fault}
        </p>
      )}
      {made !== null && (
        <div className="share-made" role="status">
          <p>
            {whatItGives(made)}, until {whenText(made.expiresAt)}. It is shown here, and never again.
          </p>
          <div className="share-copy">
            <input
              className="field mono"
              readOnly
              aria-label="The link"
              value={address}
              onFocus={(event) => event.target.select()}
            />
            <Button
              small
              onClick={() => copyText(address, 'The link is copied').catch(() => toast('Copy it from the field.', 'fail'))}
            >
              Copy
            </Button>
          </div>
        </div>
      )}
    </section>
  )
}
