// Protocols whose lines are shown: HTTP, SSH, SMTP, FTP. The first line, or with -v all of them.
import type { Sheet } from './sheet.ts'

const HTTP_METHODS: ReadonlySet<string> = new Set(
  'GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE NOTIFY BDELETE CONNECT OPTIONS CHECKIN PROPFIND CHECKOUT CCM_POST SUBSCRIBE PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT MKACTIVITY MKWORKSPACE UNSUBSCRIBE RPC_CONNECT VERSION-CONTROL BASELINE-CONTROL'.split(
    ' ',
  ),
)
const VERBS: { readonly [protocol: string]: ReadonlySet<string> } = {
  http: HTTP_METHODS,
  smtp: new Set('DATA EHLO EXPN HELO HELP MAIL NOOP QUIT RCPT RSET VRFY AUTH STARTTLS'.split(' ')),
  ftp: new Set(
    'ABOR ACCT ALLO APPE CDUP CWD DELE EPRT EPSV FEAT HELP LIST MDTM MKD MODE NLST NOOP OPTS PASS PASV PORT PWD QUIT REIN REST RETR RMD RNFR RNTO SITE SIZE SMNT STAT STOR STOU STRU SYST TYPE USER'.split(
      ' ',
    ),
  ),
}

type Protocol = 'http' | 'ssh' | 'smtp' | 'ftp'

/** Whether the text begins a request or a response, as far as tcpdump looks. */
function begins(protocol: Protocol, line: string): boolean {
  const [first = '', second = ''] = line.split(/[ \t]+/)
  if (VERBS[protocol]?.has(first.toUpperCase())) return true
  return protocol === 'http' ? first.startsWith('HTTP/') && /^\d{3}$/.test(second) : /^\d{3}(-|$)/.test(first)
}

type Line = { readonly text: string; readonly next: number; readonly whole: boolean }

/** The line that begins here; undefined when it holds what is no text. Without an end it is not whole. */
function lineAt(sheet: Sheet, at: number, end: number): Line | undefined {
  let text = ''
  for (let i = at; i < end; i++) {
    const octet = sheet.u8(i)
    if (octet === 10) return { text, next: i + 1, whole: true }
    if (octet === 13) return i + 1 < end && sheet.u8(i + 1) === 10 ? { text, next: i + 2, whole: true } : undefined
    if (octet !== 9 && (octet < 32 || octet > 126)) return undefined
    text += String.fromCharCode(octet)
  }
  return { text, next: end, whole: false }
}

const shown = (line: Line, protocol: Protocol): string => `${line.text}${line.whole ? '' : ` [|${protocol}]`}`

export function printText(sheet: Sheet, protocol: Protocol, at: number, length: number): void {
  const end = Math.min(at + length, sheet.bytes.length)
  const name = protocol.toUpperCase()
  const first = lineAt(sheet, at, end)
  if (protocol === 'ssh') {
    sheet.put(first === undefined ? '' : `: SSH: ${shown(first, protocol)}`)
    return
  }
  if (first === undefined || !begins(protocol, first.text)) {
    sheet.put(`: ${name}`)
    if (sheet.verbose > 0) sheet.put(`, length: ${length}`)
    return
  }
  if (sheet.verbose === 0) {
    sheet.put(`: ${name}: ${shown(first, protocol)}`)
    return
  }
  sheet.put(`: ${name}, length: ${length}`)
  for (let from = at; from < end; ) {
    const line = lineAt(sheet, from, end)
    if (line === undefined) return
    sheet.put(`\n\t${shown(line, protocol)}`)
    if (!line.whole) return
    from = line.next
  }
}
