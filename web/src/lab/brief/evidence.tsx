import { lazy, Suspense, useState } from 'react'
import type { GradedCheck } from '../../../../durable/grading/report.ts'
import { Button } from '../../ui/button.tsx'

const TableDialog = lazy(() => import('../why/table-dialog.tsx'))

type Row = GradedCheck['evidence']['rows'][number]
type Props = {
  readonly result: GradedCheck
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
  readonly onShowLine: (line: number) => void
}

/** What shows it: packets of the lab and lines are a click away, packets of a copy stand here, since the copy is gone. */
export function Evidence({ result, onShowPackets, onShowLine }: Props) {
  const [table, setTable] = useState<Row | null>(null)
  const { title, packets, trial, evidence } = result
  const count = packets.length
  const tables = evidence.rows.filter(
    (row, at, all) => all.findIndex((one) => one.machine === row.machine && one.table === row.table) === at,
  )
  return (
    <>
      <div className="evidence">
        {count > 0 && !trial && (
          <Button small onClick={() => onShowPackets(title, packets)}>
            Show {count === 1 ? 'the packet' : `${count} packets`}
          </Button>
        )}
        {evidence.lines.map((line) => (
          <Button key={line} small onClick={() => onShowLine(line)}>
            Show line {line}
          </Button>
        ))}
        {tables.map((row) => (
          <Button key={`${row.machine} ${row.table}`} small onClick={() => setTable(row)}>
            Table {row.table} of {row.machine}
          </Button>
        ))}
      </div>
      {trial && evidence.packets.length > 0 && (
        <details className="trial">
          <summary>
            Tried in a copy of the lab: {evidence.packets.length === 1 ? 'a packet' : `${evidence.packets.length} packets`}
          </summary>
          <ol>
            {evidence.packets.map((packet) => (
              <li key={packet.sequence}>
                <span className="mono">
                  {packet.where} {packet.direction}
                </span>{' '}
                {packet.protocol}: {packet.info}
                {packet.verdict !== 'sent' && packet.verdict !== 'delivered' && <em> {packet.verdictText}</em>}
              </li>
            ))}
          </ol>
        </details>
      )}
      {table !== null && (
        <Suspense fallback={null}>
          <TableDialog machine={table.machine} table={table.table} row={table.row} onClose={() => setTable(null)} />
        </Suspense>
      )}
    </>
  )
}
