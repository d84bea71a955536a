import { html, raw } from 'hono/html'
import { randomToken } from '../auth/tokens.ts'
import type { LtiRefusal } from './refusal.ts'

// Pages between a platform and the console. They stand in the platform's frame, hold no session and can do nothing but what
// they say, so that any page may frame them: of an unknown platform, too, the teacher must be able to read what is wrong.

type Piece = ReturnType<typeof html>
type Parts = { readonly title: string; readonly body: Piece; readonly script?: string; readonly formTo?: string }

async function page(
  { title, body, script, formTo = "'self'" }: Parts,
  status: number,
  headers: HeadersInit = {},
): Promise<Response> {
  const nonce = randomToken()
  const text = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – Switchroom</title>
<style>
  :root { font: 15px/1.5 system-ui, sans-serif; --ink: #1a2224; --ground: #fafbfa; --line: #a9b3b0; --soft: #4f5b5f; --go: #0d5c63; --on: #fff }
  @media (prefers-color-scheme: dark) { :root { --ink: #e3e9e8; --ground: #161b1d; --line: #4a565a; --soft: #a5b0b2; --go: #58bdb5; --on: #06201f } }
  body { max-width: 36rem; margin: 8vh auto; padding: 0 1.25rem; color: var(--ink); background: var(--ground) }
  h1 { font-size: 1.35rem; line-height: 1.3 }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; padding: .75rem 0; border: solid var(--line); border-width: 1px 0 }
  dt, .soft { color: var(--soft) }
  dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, monospace; font-size: .9em }
  button, .button { display: inline-block; text-decoration: none; font: inherit; font-weight: 600; padding: .4rem 1rem; border: 1px solid var(--go); border-radius: 4px; color: var(--on); background: var(--go); cursor: pointer }
  :focus-visible { outline: 2px solid currentcolor; outline-offset: 2px }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
${script === undefined ? '' : html`<script nonce="${nonce}">${raw(script)}</script>`}
</body>
</html>
`
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...(script === undefined ? [] : [`script-src 'nonce-${nonce}'`]),
    `form-action ${formTo}`,
    "base-uri 'none'",
    'frame-ancestors *',
  ]
  return new Response(String(text), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy.join('; '),
      // A platform may want to know from which site its form was sent.
      'referrer-policy': 'origin',
      ...headers,
    },
  })
}

const hidden = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)

/** A value inside a script: JSON, with nothing that would end the script. */
const literal = (value: unknown) =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')

export function refusalPage(refusal: LtiRefusal): Promise<Response> {
  const { title, text, setting, found, status, code } = refusal
  const rows = found.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)
  const body = html`<p>${text}</p>
${setting === null ? '' : html`<p><strong>Where to look:</strong> ${setting}</p>`}
${found.length === 0 ? '' : html`<dl>${rows}</dl>`}
<p class="soft">If you are a student, show this page to your teacher. Reason: ${code}</p>`
  return page({ title, body }, status)
}

/** The browser keeps no cookie in a frame: the same sign-in, begun anew in a tab of its own. */
export const newTabPage = (login: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
  page(
    {
      title: 'Open Switchroom in a tab of its own',
      body: html`<p>Your browser keeps nothing for pages inside other pages, so Switchroom cannot know you here.</p>
<p><a class="button" href="${`${login}?${new URLSearchParams(fields)}`}" target="_blank" rel="noopener">Open in a new tab</a></p>`,
    },
    200,
  )

/** The same when the sign-in itself has been shown to be right by other means. */
export const ticketPage = (enter: string, ticket: string): Promise<Response> =>
  page(
    {
      title: 'Open Switchroom in a tab of its own',
      body: html`<p>You are signed in, but your browser keeps no sign-in for pages inside other pages.</p>
<form method="post" action="${enter}" target="_blank">${hidden({ ticket })}<button>Open in a new tab</button></form>`,
    },
    200,
  )

const STORAGE = `
function ask(target, origin, message, done) {
  var over = false
  function finish(value) { if (!over) { over = true; removeEventListener('message', hear); done(value) } }
  function hear(event) {
    var data = event.data
    if (event.origin !== origin || !data || data.message_id !== message.message_id) return
    if (data.subject === message.subject + '.response') finish(data.error ? undefined : data.value)
  }
  addEventListener('message', hear)
  setTimeout(finish, 2000)
  try {
    var above = window.parent !== window ? window.parent : window.opener
    var frame = target === '_parent' ? above : above.frames[target]
    frame.postMessage(message, origin)
  } catch (error) { finish() }
}
`

type Storage = { readonly target: string; readonly origin: string; readonly key: string }

/** Leaves a value with the platform (1EdTech, LTI postMessage storage) and goes on to its sign-in, whatever it answered. */
export const rememberPage = (storage: Storage, value: string, next: string, headers: HeadersInit): Promise<Response> =>
  page(
    {
      title: 'Signing in',
      body: html`<p role="status">The learning platform is asked who you are …</p><noscript><p>This needs JavaScript.</p></noscript>`,
      script: `${STORAGE}
ask(${literal(storage.target)}, ${literal(storage.origin)},
  { subject: 'lti.put_data', message_id: ${literal(`put-${storage.key}`)}, key: ${literal(storage.key)}, value: ${literal(value)} },
  function () { location.replace(${literal(next)}) })`,
    },
    200,
    headers,
  )

/** Asks the platform for the value and sends the platform's message again, with it. */
export const recallPage = (storage: Storage, launch: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
  page(
    {
      title: 'Signing in',
      body: html`<p role="status">One moment …</p>
<form method="post" action="${launch}">${hidden({ ...fields, browser: '' })}<noscript><p>This needs JavaScript.</p></noscript></form>`,
      script: `${STORAGE}
ask(${literal(storage.target)}, ${literal(storage.origin)},
  { subject: 'lti.get_data', message_id: ${literal(`get-${storage.key}`)}, key: ${literal(storage.key)} },
  function (value) {
    var form = document.forms[0]
    form.elements.browser.value = typeof value === 'string' ? value : 'none'
    form.submit()
  })`,
    },
    200,
  )

/** Carries a signed message to the platform, in the frame in which the platform waits for it. */
export const carryPage = (to: string, jwt: string): Promise<Response> =>
  page(
    {
      title: 'Back to your course',
      body: html`<form method="post" action="${to}">${hidden({ JWT: jwt })}<p>Your choice goes to the learning platform.</p><button>Go on</button></form>`,
      script: 'document.forms[0].submit()',
      // A platform may lead its answer on to another address of its own.
      formTo: `https: ${new URL(to).origin}`,
    },
    200,
  )
