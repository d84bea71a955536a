// The two pages that must work before anybody can load the console. The token of a first owner's link belongs into the
// fragment, which browsers do not send, so that it is in no log.

const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} – Switchroom</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 26rem; margin: 15vh auto; padding: 0 1rem }
  h1 { font-size: 1.4rem }
  label { display: block; margin: 1rem 0 }
  input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .4rem .5rem }
  button { font: inherit; padding: .4rem 1rem }
</style>
<h1>${title}</h1>
${body}
</html>
`

export const linkFailedPage = page(
  'This link does not work any more',
  '<p>It was used already, or it is too old. Ask the person who sent it for a new one.</p>',
)

export const firstOwnerPage = page(
  'Open this instance',
  `<p>Whoever fills this in becomes the owner. It can be done once.</p>
<form>
  <label>Organisation <input name="organisation" required maxlength="120"></label>
  <label>Your name <input name="name" required maxlength="120" autocomplete="name"></label>
  <label>Token <input name="token" required type="password" autocomplete="off"></label>
  <button>Open</button>
  <p role="status"></p>
</form>
<script>
  const form = document.querySelector('form')
  form.token.value = location.hash.slice(1) || new URLSearchParams(location.search).get('token')
  history.replaceState(null, '', location.pathname)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const answer = await fetch('/auth/first-owner', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    })
    if (answer.ok) location.replace('/')
    else document.querySelector('[role=status]').textContent = 'That did not work: the token is wrong, or the instance has an owner.'
  })
</script>`,
)

const policy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'"

export const html = (text: string, status: number) =>
  new Response(text, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': policy },
  })
