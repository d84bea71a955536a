#!/usr/bin/env python3
"""A TAP device on standard input and output: each frame behind four bytes of length, the high one first.

Opening a TAP device takes an ioctl (TUNSETIFF), which Node has none for; Python's standard library has. Needs Linux, /dev/net/tun
and CAP_NET_ADMIN (root). usage: tap-bridge.py NAME [--netns NAME] [--mac ADDRESS] [--mtu BYTES]
"""
import argparse
import ctypes
import fcntl
import os
import select
import struct
import subprocess
import sys

TUNSETIFF = 0x400454CA
TUNSETCARRIER = 0x400454E2
IFF_TAP_NO_PI = 0x1002
CLONE_NEWNET = 0x40000000
HIGH = 1 << 20
AT_ONCE = 64


def enter(netns):
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{netns}") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
            error = ctypes.get_errno()
            raise OSError(error, f"setns {netns}: {os.strerror(error)}")


def open_tap(options):
    if options.netns:
        enter(options.netns)
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", options.name.encode(), IFF_TAP_NO_PI))
    change = ["ip", "link", "set", options.name, "mtu", str(options.mtu)]
    subprocess.run(change + (["address", options.mac] if options.mac else []), check=True)
    subprocess.run(["ip", "link", "set", options.name, "up"], check=True)
    for carrier in (0, 1):  # the kernel says UP, as of a real adapter, and not UNKNOWN
        fcntl.ioctl(tap, TUNSETCARRIER, struct.pack("i", carrier))
    return tap


def write_out(buffer):
    """As much as standard output takes now; False when nobody reads it any more."""
    try:
        while buffer:
            del buffer[: os.write(1, buffer)]
    except BlockingIOError:
        pass
    except BrokenPipeError:
        return False
    return True


def pump(tap):
    for stream in (0, 1):
        os.set_blocking(stream, False)
    incoming, outgoing = bytearray(), bytearray()
    poll = select.poll()
    while True:
        # What nobody takes stays in the device, whose queue drops frames as a network card does.
        poll.register(tap, select.POLLIN if len(outgoing) < HIGH else 0)
        poll.register(0, select.POLLIN)
        poll.register(1, select.POLLOUT if outgoing else 0)
        ready = dict(poll.poll())
        if ready.get(0, 0) & (select.POLLIN | select.POLLHUP):
            try:
                data = os.read(0, 262144)
            except BlockingIOError:
                data = None
            if data == b"":
                return
            incoming += data or b""
            at = 0
            while len(incoming) - at >= 4:
                (length,) = struct.unpack_from(">I", incoming, at)
                if len(incoming) - at - 4 < length:
                    break
                try:
                    os.write(tap, incoming[at + 4 : at + 4 + length])
                except OSError:
                    pass  # a device that is down, or a frame that the kernel refuses: lost, as on a wire
                at += 4 + length
            del incoming[:at]
        if tap in ready:
            try:
                for _ in range(AT_ONCE):
                    frame = os.read(tap, 65536)
                    outgoing += struct.pack(">I", len(frame)) + frame
            except BlockingIOError:
                pass
        if outgoing and not write_out(outgoing):
            return
        if ready.get(1, 0) & (select.POLLERR | select.POLLHUP):
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--netns")
    parser.add_argument("--mac")
    parser.add_argument("--mtu", type=int, default=1500)
    options = parser.parse_args()
    try:
        tap = open_tap(options)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"tap-bridge: {error}")
    print("ready", file=sys.stderr, flush=True)
    pump(tap)


main()
