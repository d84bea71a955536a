import { Lexer, type Token, type Tokens } from 'marked'
import { createElement, Fragment, type ReactNode } from 'react'
import { CodeBlock } from './code-block.tsx'

/** Markdown to elements by way of tokens: nothing of the text ever becomes markup by itself. */
export default function Markdown({ text }: { readonly text: string }) {
  return <div className="markdown">{blocks(new Lexer({ gfm: true }).lex(text))}</div>
}

/** Children side by side: the text never changes under the page, so they need no keys. */
const together = (children: readonly ReactNode[]): ReactNode => createElement(Fragment, null, ...children)

const blocks = (tokens: readonly Token[]): ReactNode => together(tokens.map(block))
const inline = (tokens: readonly Token[] | undefined): ReactNode => (tokens === undefined ? null : together(tokens.map(span)))

function block(token: Token): ReactNode {
  switch (token.type) {
    case 'heading':
      return <Heading depth={token.depth as number}>{inline(token.tokens)}</Heading>
    case 'paragraph':
      return <p>{inline(token.tokens)}</p>
    case 'code':
      return <CodeBlock text={token.text as string} language={(token.lang as string | undefined) ?? ''} />
    case 'list':
      return <List list={token as Tokens.List} />
    case 'blockquote':
      return <blockquote>{blocks(token.tokens ?? [])}</blockquote>
    case 'table':
      return table(token as Tokens.Table)
    case 'hr':
      return <hr />
    case 'space':
    case 'def':
      return null
    case 'text':
      return inline(token.tokens) ?? decode(token.text as string)
    default:
      return decode(token.raw)
  }
}

function span(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inline(token.tokens)}</strong>
    case 'em':
      return <em>{inline(token.tokens)}</em>
    case 'del':
      return <s>{inline(token.tokens)}</s>
    case 'codespan':
      return <code>{token.text as string}</code>
    case 'br':
      return <br />
    case 'link':
      return <Link address={token.href as string}>{inline(token.tokens)}</Link>
    case 'image':
    case 'escape':
      return token.text as string
    case 'text':
      return token.tokens === undefined ? decode(token.text as string) : inline(token.tokens)
    default:
      return decode(token.raw)
  }
}

/** The page has its own heading above, so the text's begin one level below. */
function Heading({ depth, children }: { readonly depth: number; readonly children: ReactNode }) {
  if (depth <= 1) return <h2>{children}</h2>
  return depth === 2 ? <h3>{children}</h3> : <h4>{children}</h4>
}

const item = (one: Tokens.ListItem): ReactNode => (
  <li>
    {one.task && <input type="checkbox" checked={one.checked === true} readOnly disabled />}
    {blocks(one.tokens.filter((token) => token.type !== 'checkbox'))}
  </li>
)

function List({ list }: { readonly list: Tokens.List }) {
  const items = together(list.items.map(item))
  if (!list.ordered) return <ul>{items}</ul>
  const start = typeof list.start === 'number' ? list.start : 1
  return (
    <ol start={start} style={{ counterReset: `task ${start - 1}` }}>
      {items}
    </ol>
  )
}

const headCell = (cell: Tokens.TableCell): ReactNode => <th scope="col">{inline(cell.tokens)}</th>
const cell = (one: Tokens.TableCell): ReactNode => <td>{inline(one.tokens)}</td>
const row = (cells: readonly Tokens.TableCell[]): ReactNode => <tr>{together(cells.map(cell))}</tr>

const table = ({ header, rows }: Tokens.Table): ReactNode => (
  <div className="table-scroll">
    <table>
      <thead>
        <tr>{together(header.map(headCell))}</tr>
      </thead>
      <tbody>{together(rows.map(row))}</tbody>
    </table>
  </div>
)

function Link({ address, children }: { readonly address: string; readonly children: ReactNode }) {
  if (!/^https?:\/\//i.test(address)) return <>{children}</>
  return (
    <a href={address} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  )
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
/** The lexer hands some text on with the few entities that HTML needs. */
const decode = (text: string) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => named[name])
