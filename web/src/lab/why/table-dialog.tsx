import { useCallback } from 'react'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useLab } from '../lab-context.ts'
import './why.css'

type Props = { readonly machine: string; readonly table: string; readonly row: string; readonly onClose: () => void }

/** A table of a machine as it is now; the row that decided is marked if it is still there. */
export default function TableDialog({ machine, table, row, onClose }: Props) {
  const { id } = useLab()
  const loaded = useLoad(useCallback(() => api.table(id, machine, table), [id, machine, table]))
  const decided = (cells: readonly string[]) =>
    row !== '' &&
    (cells.join(' ').includes(row) || cells.join(' · ') === row || cells.some((cell) => cell !== '' && cell === row))
  return (
    <Dialog title={`${table} of ${machine}, as it is now`} onClose={onClose}>
      {loaded.state === 'loading' && <Loading text="Reading the table" />}
      {loaded.state === 'failed' && <p>{loaded.error.message}</p>}
      {loaded.state === 'ready' && (
        <>
          {row !== '' && (
            <p>
              What decided: <code>{row}</code>
              {loaded.value.rows.some(decided) ? '' : '. It is not in the table any more.'}
            </p>
          )}
          {loaded.value.rows.length === 0 ? (
            <p>The table is empty.</p>
          ) : (
            <table className="state-table mono">
              <thead>
                <tr>
                  {loaded.value.columns.map((one) => (
                    <th key={one} scope="col">
                      {one}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {loaded.value.rows.map((cells) => (
                  <tr key={cells.join('\t')} aria-current={decided(cells) || undefined}>
                    {cells.map((cell, at) => (
                      <td key={`${loaded.value.columns[at]}`}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </Dialog>
  )
}
