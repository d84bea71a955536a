// curl, wget, nc, telnet, ssh and python3 -m http.server between simulated machines; and the same when the lab is stored and opened
// between any two steps.
import { describe, expect, it } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

function serving(fragile: boolean): LinuxLab {
  const lab = new LinuxLab({ fragile })
  lab.type('beta', 'echo hello > /tmp/a.txt')
  expect(lab.type('beta', 'python3 -m http.server -d /tmp')).toBe(
    'Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...\n',
  )
  return lab
}

describe.each([
  ['', false],
  [' of a lab that sleeps between all steps', true],
])('over HTTP%s', (_, fragile) => {
  it('curl fetches, and the server tells who came', () => {
    const lab = serving(fragile)
    const seen = lab.type('alpha', 'curl http://10.9.0.2:8000/a.txt')
    expect(seen).toMatch(/^hello\n/)
    expect(seen).toMatch(/\[beta\] 10\.9\.0\.1 - - \[02\/Mar\/2026 12:\d\d:\d\d\] "GET \/a\.txt HTTP\/1\.1" 200 -\n/)
    expect(
      lab.type(
        'alpha',
        `curl -s -o /dev/null -w '%{http_code} %{size_download} %{remote_ip}:%{remote_port}\\n' 10.9.0.2:8000/a.txt`,
      ),
    ).toMatch(/^200 6 10\.9\.0\.2:8000\n/)
    expect(lab.type('alpha', 'curl -sI 10.9.0.2:8000/a.txt')).toMatch(/^HTTP\/1\.1 200 OK\r?\n[\s\S]*Content-Length: 6\r?\n/)
    expect(lab.type('alpha', 'curl -s -r 1-3 10.9.0.2:8000/a.txt')).toMatch(/^ell/)
    expect(lab.type('alpha', 'curl -sf 10.9.0.2:8000/nosuch; echo $?')).toMatch(/^22\n/)
    const told = lab.type('alpha', 'curl -v -s 10.9.0.2:8000/a.txt')
    expect(told).toContain(
      '*   Trying 10.9.0.2:8000...\n* Connected to 10.9.0.2 (10.9.0.2) port 8000\n> GET /a.txt HTTP/1.1\n> Host: 10.9.0.2:8000\n> User-Agent: curl/8.5.0\n> Accept: */*\n> \n< HTTP/1.1 200 OK\n',
    )
    expect(told).toContain('< \nhello\n* Connection #0 to host 10.9.0.2 left intact\n')
    expect(lab.type('alpha', 'curl -so /tmp/copy 10.9.0.2:8000/a.txt')).not.toContain('curl:')
    expect(lab.type('alpha', 'cat /tmp/copy')).toBe('hello\n')
    expect(lab.interrupt('beta')).toBe('\nKeyboard interrupt received, exiting.\n')
    expect(lab.type('alpha', 'curl 10.9.0.2:8000')).toMatch(
      /^curl: \(7\) Failed to connect to 10\.9\.0\.2 port 8000 after \d+ ms: Couldn't connect to server\n$/,
    )
  })

  it('wget saves a file', () => {
    const lab = serving(fragile)
    const seen = lab.type('alpha', 'wget http://10.9.0.2:8000/a.txt')
    expect(seen).toMatch(
      /^--2026-03-02 12:\d\d:\d\d-- {2}http:\/\/10\.9\.0\.2:8000\/a\.txt\nConnecting to 10\.9\.0\.2:8000\.\.\. connected\.\nHTTP request sent, awaiting response\.\.\. 200 OK\nLength: 6 \[text\/plain\]\nSaving to: ‘a\.txt’\n\n/,
    )
    expect(seen).toMatch(/ - ‘a\.txt’ saved \[6\/6\]\n/)
    expect(lab.type('alpha', 'cat a.txt')).toBe('hello\n')
    expect(lab.type('alpha', 'wget -q -O - 10.9.0.2:8000/a.txt')).toMatch(/^hello\n/)
    expect(lab.type('alpha', 'wget -q 10.9.0.2:8000/nosuch; echo $?')).toMatch(/^8\n/)
    lab.interrupt('beta')
  })

  it('nc carries octets both ways', () => {
    const lab = new LinuxLab({ fragile })
    expect(lab.type('beta', 'nc -l -v 4000')).toBe('Listening on 0.0.0.0 4000\n')
    const seen = lab.type('alpha', 'echo one two | nc -N -v 10.9.0.2 4000')
    expect(seen).toContain('Connection to 10.9.0.2 4000 port [tcp/*] succeeded!\n')
    expect(seen).toMatch(/\[beta\] Connection received on 10\.9\.0\.1 \d+\n/)
    expect(seen).toContain('[beta] one two\n')
    lab.interrupt('beta')
    lab.type('beta', 'echo from beta | nc -l 4001')
    expect(lab.type('alpha', 'nc -w 2 10.9.0.2 4001')).toContain('from beta\n')
    expect(lab.type('alpha', 'nc -zv 10.9.0.2 4002')).toBe('nc: connect to 10.9.0.2 port 4002 (tcp) failed: Connection refused\n')
    lab.interrupt('beta')
    lab.type('beta', 'nc -u -l 5000')
    expect(lab.type('alpha', 'echo datagram | nc -u -w 1 10.9.0.2 5000')).toContain('[beta] datagram\n')
    lab.interrupt('beta')
  })
})

it('units over streams: nginx and ssh', () => {
  const lab = new LinuxLab()
  expect(lab.type('alpha', 'ssh 10.9.0.2')).toBe('ssh: connect to host 10.9.0.2 port 22: Connection refused\n')
  lab.type('beta', 'sudo systemctl enable --now ssh nginx')
  expect(lab.type('alpha', 'ssh 10.9.0.2')).toContain('ssh: 10.9.0.2 says SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13;')
  lab.type('beta', 'echo own page | sudo tee /var/www/html/index.html')
  expect(lab.type('alpha', 'curl -s 10.9.0.2')).toBe('own page\n')
  lab.type('beta', 'sudo reboot')
  lab.reopen()
  expect(lab.type('alpha', 'curl -s http://10.9.0.2/')).toBe('own page\n')
  lab.type('beta', 'sudo systemctl stop nginx')
  expect(lab.type('alpha', 'curl -s 10.9.0.2; echo $?')).toBe('7\n')
  expect(lab.type('alpha', 'telnet 10.9.0.2 80')).toBe(
    'Trying 10.9.0.2...\ntelnet: Unable to connect to remote host: Connection refused\n',
  )
})

it.each([
  ['curl', 'curl: (2) no URL specified\n'],
  ['curl http://nosuch.example/', 'curl: (6) Could not resolve host: nosuch.example\n'],
  ['curl --connect-timeout 2 10.9.0.77', 'curl: (28) Connection timed out after 200'],
  ['curl https://10.9.0.2/', 'curl: (1) Protocol "https" not supported: TLS is real, but not simulated here yet\n'],
  ['curl ftp://10.9.0.2/', 'curl: (1) Protocol "ftp" not supported\n'],
  ['curl -m x 10.9.0.2', 'curl: option -m: expected a proper numerical parameter\n'],
  ['wget', 'wget: missing URL\n'],
  ['nc 10.9.0.2', 'usage: nc'],
  ['nc 10.9.0.2 99999', 'nc: port number too large: 99999\n'],
  ['nc -l 80', 'nc: Permission denied\n'],
])('%s', (line, text) => {
  expect(new LinuxLab().type('alpha', line)).toContain(text)
})
