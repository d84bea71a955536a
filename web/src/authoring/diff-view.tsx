import { useCallback, useEffect, useRef } from 'react'
import { authoring, type DiffFile, type DiffLine } from '../api/authoring.ts'
import { useLoad } from '../api/use-load.ts'

type Props = { readonly id: string; readonly from: number; readonly to: number | null }

const names: Record<string, string> = { definition: 'Definition', brief: 'Brief' }
const signs = { same: ' ', added: '+', removed: '−' } as const

export function DiffView({ id, from, to }: Props) {
  const found = useLoad(useCallback(() => authoring.diff(id, from, to), [id, from, to]))
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section className="diff" aria-labelledby="diff-title">
      <h3 id="diff-title" ref={heading} tabIndex={-1}>
        From version {from} to {to === null ? 'the draft' : `version ${to}`}
      </h3>
      {found.state === 'loading' && <p role="status">Comparing…</p>}
      {found.state === 'failed' && <p role="alert">It could not be compared. {found.error.message}</p>}
      {found.state === 'ready' && found.value.files.length === 0 && <p>Nothing changed.</p>}
      {found.state === 'ready' && found.value.files.map((file) => <ChangedFile key={file.file} file={file} />)}
    </section>
  )
}

function ChangedFile({ file }: { readonly file: DiffFile }) {
  return (
    <div className="diff-file">
      <h4>
        {names[file.file] ?? `Solution ${file.file}`}
        <span className="diff-added">{file.added} added</span>
        <span className="diff-removed">{file.removed} removed</span>
      </h4>
      {file.tooDifferent ? (
        <p>So much differs that lines are not compared.</p>
      ) : (
        <table>
          <caption className="visually-hidden">Changed lines of {file.file}</caption>
          <thead className="visually-hidden">
            <tr>
              <th scope="col">Line before</th>
              <th scope="col">Line now</th>
              <th scope="col">Text</th>
            </tr>
          </thead>
          {file.hunks.map((hunk) => (
            <tbody key={`${hunk[0]?.from} ${hunk[0]?.to}`}>
              {hunk.map((line) => (
                <Row key={`${line.from} ${line.to}`} line={line} />
              ))}
            </tbody>
          ))}
        </table>
      )}
    </div>
  )
}

const Row = ({ line }: { readonly line: DiffLine }) => (
  <tr className={line.kind}>
    <td>{line.from}</td>
    <td>{line.to}</td>
    <td>
      <span aria-hidden="true">{signs[line.kind]}</span>
      {line.kind !== 'same' && <span className="visually-hidden">{line.kind}: </span>}
      {line.text}
    </td>
  </tr>
)
