import { links as api, type LabLink } from '../../api/links.ts'
import { Button } from '../../ui/button.tsx'
import { tell } from '../../ui/tell.ts'
import { whenText } from '../../ui/when.ts'
import { useLab } from '../lab-context.ts'
import { stateWords, usesWords, whatItGives } from './link-words.ts'

type Props = { readonly links: readonly LabLink[]; readonly onChanged: () => void }

/** The links that were made, without their secrets; what counts can be ended. */
export function LinkList({ links, onChanged }: Props) {
  const { id } = useLab()
  if (links.length === 0) return <p className="share-none">No links were made yet.</p>
  const end = (link: LabLink) =>
    tell(
      api.end(id, link.id),
      'The link has ended. Who was here by it alone is not any more.',
      onChanged,
      'The link has not ended. ',
    )
  return (
    <div className="share-scroll">
      <table className="share-table">
        <thead>
          <tr>
            <th>What it gives</th>
            <th>Note</th>
            <th>Until</th>
            <th>Opened</th>
            <th>State</th>
            <th>
              <span className="visually-hidden">End it</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {links.map((link) => (
            <tr key={link.id} className={link.state}>
              <td>
                {whatItGives(link)} <small>by {link.createdBy}</small>
              </td>
              <td>{link.label}</td>
              <td>{whenText(link.expiresAt)}</td>
              <td>{usesWords(link)}</td>
              <td>{stateWords[link.state]}</td>
              <td>
                {(link.state === 'open' || link.state === 'used') && (
                  <Button small onClick={() => void end(link)} aria-label={`End the link: ${whatItGives(link)} ${link.label}`}>
                    End it
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
