import { Lexer, type Token, type Tokens } from 'marked'
import { Fragment, type ReactNode } from 'react'
import { CodeBlock } from './code-block.tsx'

/** Markdown to elements by way of tokens: nothing of the text ever becomes markup by itself. */
export default function Markdown({ text }: { readonly text: string }) {
  return <div className="markdown">{blocks(new Lexer({ gfm: true }).lex(text))}</div>
}

const blocks = (tokens: readonly Token[]): ReactNode => tokens.map((token, index) => <Fragment key={index}>{block(token)}</Fragment>)

const inline = (tokens: readonly Token[] | undefined): ReactNode =>
  tokens?.map((token, index) => <Fragment key={index}>{span(token)}</Fragment>)

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
      return <Table table={token as Tokens.Table} />
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

function List({ list }: { readonly list: Tokens.List }) {
  const items = list.items.map((item, index) => (
    <li key={index}>
      {item.task && <input type="checkbox" checked={item.checked === true} readOnly disabled />}
      {blocks(item.tokens.filter((one) => one.type !== 'checkbox'))}
    </li>
  ))
  if (!list.ordered) return <ul>{items}</ul>
  const start = typeof list.start === 'number' ? list.start : 1
  return (
    <ol start={start} style={{ counterReset: `task ${start - 1}` }}>
      {items}
    </ol>
  )
}

function Table({ table }: { readonly table: Tokens.Table }) {
  return (
    <div className="table-scroll">
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col">
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <td key={index}>{inline(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

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
