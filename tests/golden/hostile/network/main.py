import os
import socket
import struct
import sys

sys.path.insert(0, os.environ["TOPK_JOB"])
from attempts import attempt


def connect(host, port):
    with socket.create_connection((host, port), timeout=10) as connection:
        return connection.getpeername()


def send(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        return datagrams.sendto(b"hello", (host, port))


def open_socket(family, kind, protocol=0):
    socket.socket(family, kind, protocol).close()
    return "a socket"


def abstract(name):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect("\0" + name)


def route_netlink():
    """Asks to bring loopback down: RTM_NEWLINK with ifi_change = IFF_UP."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as netlink:
        netlink.settimeout(10)
        body = struct.pack("=BBHiII", 0, 0, 0, 1, 0, 1)
        netlink.send(struct.pack("=IHHII", 16 + len(body), 16, 5, 1, 0) + body)
        error = struct.unpack("=i", netlink.recv(4096)[16:20])[0]
        if error:
            raise OSError(-error, os.strerror(-error))


for name in ("example.org", "host.docker.internal", "gateway.docker.internal", "postgres", "redis", "api"):
    attempt(f"DNS {name}", socket.getaddrinfo, name, 80)
port = int(os.environ["PROBE_PORT"])
for host in ("172.17.0.1", "169.254.169.254", "8.8.8.8", "10.0.0.1", "192.168.0.1", "fe80::1", "::ffff:172.17.0.1"):
    for each in (port, 80):
        attempt(f"TCP {host} {each}", connect, host, each)
for each in (port, 2375, 5432, 6379):
    attempt(f"TCP own loopback {each}", connect, "127.0.0.1", each)
for host in ("8.8.8.8", "172.17.0.1", "255.255.255.255", "224.0.0.1"):
    attempt(f"UDP {host}", send, host, 53)
attempt("abstract socket", abstract, os.environ["PROBE_SOCKET"])
attempt("abstract containerd socket", abstract, "/containerd-shim/probe.sock")
attempt("raw", open_socket, socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
attempt("raw 6", open_socket, socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
attempt("packet", open_socket, socket.AF_PACKET, socket.SOCK_RAW)
attempt("vsock", open_socket, 40, socket.SOCK_STREAM)
attempt("alg", open_socket, 38, socket.SOCK_SEQPACKET)
attempt("bluetooth", open_socket, 31, socket.SOCK_RAW, 1)
attempt("can", open_socket, 29, socket.SOCK_RAW, 1)
attempt("rds", open_socket, 21, socket.SOCK_SEQPACKET)
attempt("tipc", open_socket, 30, socket.SOCK_SEQPACKET)
attempt("xdp", open_socket, 44, socket.SOCK_RAW)
attempt("key", open_socket, 15, socket.SOCK_RAW, 2)
attempt("pair of tipc", socket.socketpair, 30, socket.SOCK_SEQPACKET)
attempt("netlink change", route_netlink)

own = socket.create_server(("127.0.0.1", 0))
connect("127.0.0.1", own.getsockname()[1])
print("own loopback works")
