import type { Review } from '../api/courses.ts'
import { Icon } from '../ui/icon.tsx'

const places = { definition: 'Lab', rubric: 'Rubric', assignment: '' } as const

/** What was found when an assignment was looked over. */
export function Findings({ review }: { readonly review: Review }) {
  const { findings, checks, points, variants } = review
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">Looked over</h2>
      <p>
        {checks.length} {checks.length === 1 ? 'check' : 'checks'}, {points} points.{' '}
        {variants > 1 && `${variants} different variants.`}
        {findings.length === 0 && ' Nothing is wrong with it.'}
      </p>
      {findings.length > 0 && (
        <ul className="finding-list">
          {findings.map((one) => (
            <li key={`${one.in} ${one.line} ${one.field} ${one.message}`} className={one.blocks ? 'blocks' : undefined}>
              <Icon name={one.blocks ? 'warn' : 'question'} />
              <span>
                <strong>
                  {[places[one.in], one.line === null ? '' : `line ${one.line}`, one.in === 'assignment' ? '' : one.field]
                    .filter((part) => part !== '')
                    .join(', ')}
                  {one.in === 'assignment' ? '' : ': '}
                </strong>
                {one.message}
                {!one.blocks && <small className="quiet-text"> It can be published like this.</small>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
