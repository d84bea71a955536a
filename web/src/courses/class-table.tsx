import { useState } from 'react'
import type { ClassTable, TableRow } from '../api/courses.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { dateText, whenText } from '../ui/when.ts'
import { latenessText, spanText } from './words.ts'

type Props = {
  readonly table: ClassTable
  readonly onExtend: ((row: TableRow) => void) | undefined
  readonly onGive: ((row: TableRow) => void) | undefined
}

const outcomes = {
  pass: { text: 'Passed', icon: 'check' },
  fail: { text: 'Not yet', icon: 'cross' },
  'could-not-run': { text: 'Could not run', icon: 'question' },
} as const

/** Group 2 comes before group 10. */
const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** From so many lines on, one looks for somebody by name. */
const MANY = 12

/** Students or groups, each check of each, who is at work and who is stuck. */
export function ClassTableView({ table, onExtend, onGive }: Props) {
  const [wanted, setWanted] = useState('')
  const [onlyStuck, setOnlyStuck] = useState(false)
  const text = wanted.trim().toLowerCase()
  const named = (row: TableRow) =>
    [row.name, ...row.members.map(({ name }) => name)].some((name) => name.toLowerCase().includes(text))
  const shown = table.rows
    .filter((row) => named(row) && (!onlyStuck || row.stuck !== null))
    .sort((a, b) => byName.compare(a.name, b.name))
  const stuck = table.rows.filter((row) => row.stuck !== null).length
  return (
    <>
      {table.rows.length >= MANY && (
        <div className="class-filter">
          <label>
            Find <input className="field" type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} />
          </label>
          <label className="form-check">
            <input type="checkbox" checked={onlyStuck} onChange={(event) => setOnlyStuck(event.target.checked)} /> Only who is
            stuck ({stuck})
          </label>
          <span className="quiet-text" aria-live="polite">
            {shown.length} of {table.rows.length}
          </span>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className="course-table-scroll class-scroll" tabIndex={0} aria-label="The class, student by student">
        <table className="course-table class-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">At work</th>
              <th scope="col">Stuck</th>
              <th scope="col">Handed in</th>
              <th scope="col">Points</th>
              <th scope="col" colSpan={4}>
                <span className="visually-hidden">What can be done</span>
              </th>
              {table.checks.map((check) => (
                <th key={check.id} scope="col" className="check" title={check.title}>
                  <span>{check.title}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.holder} row={row} table={table} onExtend={onExtend} onGive={onGive} />
            ))}
            {shown.length === 0 && (
              <tr>
                <td colSpan={9 + table.checks.length}>
                  {onlyStuck ? 'Nobody of that name is stuck.' : 'Nobody is called that.'}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </section>
    </>
  )
}

function Row({ row, table, onExtend, onGive }: Props & { readonly row: TableRow }) {
  const shared = row.holder.startsWith('group:')
  return (
    <tr>
      <th scope="row">
        <span className="class-name">
          {row.name}
          {shared && <small className="quiet-text"> {row.members.map(({ name }) => name).join(', ')}</small>}
          {row.extended && row.dueAt !== null && (
            <span className="badge good" title={`Due on ${dateText(row.dueAt)}`}>
              More time
            </span>
          )}
        </span>
      </th>
      <td className="nowrap">{row.lastActiveAt === null ? 'Not opened' : whenText(row.lastActiveAt)}</td>
      <td>{row.stuck === null ? '–' : <Stuck stuck={row.stuck} />}</td>
      <td>
        {row.submission === null
          ? '–'
          : `${row.submissions === 1 ? '' : `${row.submissions} times, `}${latenessText(row.submission.lateMs, 0)}`}
      </td>
      <td className="nowrap">{points(row)}</td>
      {/* A cell each, so that the same thing stands at the same place in every line. */}
      <td className="act">
        {row.labId !== null && (
          <PageLink to={`/labs/${row.labId}`} className="button small">
            <Icon name="open" size={12} /> Open <span className="visually-hidden">the lab of {row.name}</span>
          </PageLink>
        )}
      </td>
      <td className="act">
        {row.submission !== null && (
          <PageLink to={`/submissions/${row.submission.id}`} className="button small">
            What was handed in <span className="visually-hidden">by {row.name}</span>
          </PageLink>
        )}
      </td>
      <td className="act">
        {onExtend !== undefined && (
          <Button small onClick={() => onExtend(row)} aria-label={`More time for ${row.name}`}>
            More time
          </Button>
        )}
      </td>
      <td className="act">
        {onGive !== undefined && (
          <Button small onClick={() => onGive(row)} aria-label={`Give a state to ${row.name}`}>
            Give a state
          </Button>
        )}
      </td>
      {table.checks.map((check) => (
        <td key={check.id}>
          <Mark result={row.checks.find((one) => one.id === check.id)} />
        </td>
      ))}
    </tr>
  )
}

const points = ({ submission }: TableRow) =>
  submission === null ? '–' : submission.points === null ? 'Not graded' : `${submission.points} of ${submission.of}`

function Mark({ result }: { readonly result: TableRow['checks'][number] | undefined }) {
  if (result === undefined) return <span className="quiet-text">–</span>
  const { text, icon } = outcomes[result.outcome]
  return (
    <span className={`mark-cell ${result.outcome}`}>
      <Icon name={icon} size={13} />
      <span className="visually-hidden">{text},</span> {result.points}/{result.of}
    </span>
  )
}

function Stuck({ stuck }: { readonly stuck: NonNullable<TableRow['stuck']> }) {
  return (
    <span className="stuck-cell">
      <span>
        <Icon name="warn" size={13} /> for {stuck.minutes < 1 ? 'less than a minute' : spanText(stuck.minutes * 60_000)}
      </span>
      {stuck.line === null ? (
        <small>no new check passed</small>
      ) : (
        <code title={stuck.line}>{`${stuck.times} × ${stuck.line}`}</code>
      )}
    </span>
  )
}
