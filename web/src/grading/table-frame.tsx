import type { ReactNode } from 'react'

/** A table that is scrolled when it is too wide; the keyboard reaches it for that. */
export function TableFrame({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section className="table-frame" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}

type ListProps = {
  readonly label: string
  readonly heads: readonly string[]
  readonly mono?: boolean
  readonly children: ReactNode
}

/** A table of lines under plain heads. */
export const ListTable = ({ label, heads, mono = false, children }: ListProps) => (
  <TableFrame label={label}>
    <table className={mono ? 'grade-table mono' : 'grade-table'}>
      <thead>
        <tr>
          {heads.map((one) => (
            <th scope="col" key={one}>
              {one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </TableFrame>
)
