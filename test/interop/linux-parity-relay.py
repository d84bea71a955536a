# Two TAP devices called eth0 in two network namespaces, as if a cable joined them: unlike a veth, each looks like a network card.
# Usage: linux-parity-relay.py NAMESPACE NAMESPACE; prints "ready" and runs until it is killed.
import ctypes, fcntl, os, struct, select, sys
libc = ctypes.CDLL(None, use_errno=True)
def tap(ns, name):
    here = os.open('/proc/self/ns/net', os.O_RDONLY)
    there = os.open('/run/netns/' + ns, os.O_RDONLY)
    libc.setns(there, 0)
    fd = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(fd, 0x400454ca, struct.pack('16sH', name.encode(), 0x0002 | 0x1000 | 0x0100))
    libc.setns(here, 0)
    return fd
a, b = tap(sys.argv[1], 'eth0'), tap(sys.argv[2], 'eth0')
print('ready', flush=True)
while True:
    for fd in select.select([a, b], [], [])[0]:
        try: os.write(b if fd == a else a, os.read(fd, 65536))
        except OSError: pass
