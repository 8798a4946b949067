"""URLs that a stranger could write and that must never be followed, for everything that takes one."""

from __future__ import annotations

PUBLIC = "93.184.216.34"

PRIVATE_ADDRESSES = [
    # this host, private use, shared, link-local with the metadata services
    "0.0.0.0",  # noqa: S104
    *("0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1"),
    *("100.64.0.1", "100.100.100.200", "169.254.0.1", "169.254.169.254", "169.254.170.2", "168.63.129.16"),
    # protocol assignments, documentation, 6to4 relay, benchmarks, multicast, reserved, broadcast
    *("192.0.0.1", "192.0.0.9", "192.0.0.192", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1"),
    *("198.18.0.1", "198.19.255.255", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    # unspecified, mapped, compatible, translated, NAT64 (both prefixes), discard
    *("::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::ffff:93.184.216.34"),
    *("::127.0.0.1", "::5db8:d822", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::5db8:d822"),
    *("64:ff9b:1::a00:1", "100::1", "100:0:0:1::1"),
    # Teredo, other protocol blocks, documentation (both), 6to4, segment routing
    *("2001::1", "2001:0:5db8:d822::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1"),
    *("2002:7f00:1::", "2002:5db8:d822::1", "5f00::1"),
    # unique local with the metadata service, link-local, site-local, multicast, unassigned
    *("fc00::1", "fd00:ec2::254", "fd12:3456::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1"),
    *("4000::1", "e000::1"),
]
LOOPBACK_ADDRESSES = ["127.0.0.1", "127.1.2.3", "127.255.255.254", "::1"]


def as_url(address: str) -> str:
    return f"https://[{address}]/" if ":" in address else f"https://{address}/"


# Refused by their spelling alone, whatever the mode.
MALFORMED = [
    *("", "https", "https:", "https://", "https:///path", "//images.example.com/", "images.example.com"),
    *("ftp://images.example.com/", "file:///etc/passwd", "gopher://images.example.com/", "data:,x"),
    *("javascript:alert(1)", "dict://images.example.com:11211/", "https:images.example.com"),
    *("https:/images.example.com/", "https:\\\\images.example.com", "https:///images.example.com"),
    # user info
    *("https://user@images.example.com/", "https://user:pw@images.example.com/"),
    *("https://@images.example.com/", "https://:@images.example.com/", "https://a.example.com@127.0.0.1/"),
    *("https://a.example.com:443@10.0.0.1/", "https://a.example.com%40127.0.0.1/"),
    # odd ports
    *("https://images.example.com:/", "https://images.example.com:0443/", "https://images.example.com:-1/"),
    *("https://images.example.com:65536/", "https://images.example.com:99999/"),
    *("https://images.example.com:443:443/", "https://images.example.com:4e2/"),
    *("https://images.example.com:\uff14\uff14\uff13/", "https://images.example.com:443 /"),
    # numbers spelled as names
    *("https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0x7f.0x0.0x0.0x1/"),
    *("https://0177.0.0.1/", "https://017700000001/", "https://127.1/", "https://127.0.1/", "https://0/"),
    *("https://127.0.0.01/", "https://127.0.0.1./", "https://127.0.0.1../", "https://127..0.0.1/"),
    *("https://1.2.3.4.5/", "https://999.1.1.1/", "https://example.123/", "https://example.0x7f/"),
    *("https://3232235777/", "https://\u0661\u0662\u0667.0.0.1/", "https://127.0.0.1%2f@example.com/"),
    # encodings of hosts
    *("https://%31%32%37.0.0.1/", "https://127.0.0.1%00.example.com/", "https://images%2eexample.com/"),
    *("https://\uff11\uff12\uff17.0.0.1/", "https://\u2460\u2461\u2466.0.0.1/", "https://\uff4cocalhost/"),
    *("https://ima\u00adges.example.com/", "https://images.example.com\u200b/", "https://\u202eexample.com/"),
    *("https://xn--/", "https://exa\u2044mple.com/", "https://\ud800.example.com/"),
    # literals that are not quite
    *("https://[::1%25lo]/", "https://[fe80::1%eth0]/", "https://[fe80::1%25eth0]/", "https://[::1/"),
    *("https://::1/", "https://[]/", "https://[::1]x/", "https://[127.0.0.1]/", "https://[v1.fe80::a]/"),
    *("https://[::1]]/", "https://[images.example.com]/"),
    # names that only mean something inside
    *("https://localhost./", "https://x.localhost/", "https://metadata/", "https://kubernetes/"),
    *("https://metadata.google.internal/", "https://printer.local/", "https://1.0.0.10.in-addr.arpa/"),
    *("https://localhost.localdomain/", "https://router.home.arpa/", "https://hidden.onion/"),
    # names that are not names
    *("https://images.example.com./", "https://.example.com/", "https://a..example.com/"),
    *("https://-a.example.com/", "https://a-.example.com/", f"https://{'a' * 64}.example.com/"),
    *(f"https://{'a.' * 130}example.com/", "https://*.example.com/", "https://a;b.example.com/"),
    *("https://images.example.com,evil.example.com/",),
    # control characters, white space, backslashes, length
    *("https://images.example.com\\@127.0.0.1/", "https://images.example.com/\\..\\", "https://127.0.0.1\\/"),
    *(" https://images.example.com/", "https://images.example.com/ ", "https://images.example.com/a b"),
    *(
        "https://images.example.com/\r\nHost: x",
        "https://images.example.com/\t",
        "https://images\n.example.com/",
    ),
    *(
        "https://images.example.com/\x00",
        "https://images.example.com/\x7f",
        "https://images.example.com/\u2028",
    ),
    *(
        "https://images.example.com/\u3000",
        "https://images.example.com/\u200d",
        "https://images.example.com/\x85",
    ),
    *(f"https://images.example.com/{'a' * 2048}", f"https://images.example.com/?{'a' * 100_000}"),
]
ONLY_LOCAL = [
    *("http://127.0.0.1/", "https://localhost/", "http://localhost:3000/"),
    *("https://127.0.0.1:9001/2018-06-01/runtime/invocation/next", "http://[::1]:9001/"),
    *map(as_url, LOOPBACK_ADDRESSES),
]
# Names in plain http or on other ports: on a developer's machine they may only mean that machine.
NAMES_ELSEWHERE = [
    *("http://images.example.com/", "http://images.example.com:443/", "http://images.example.com:80/"),
    *("https://images.example.com:8443/", "https://images.example.com:80/"),
]
NOT_EVEN_LOCAL = [
    *map(as_url, PRIVATE_ADDRESSES),
    *("http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[fd00:ec2::254]/latest/"),
    *(f"http://{PUBLIC}/", f"https://{PUBLIC}:8443/", "http://0.0.0.0:8080/", "http://192.168.1.1:8080/"),
    *("http://[::ffff:127.0.0.1]:8080/", "http://[::ffff:7f00:1]/", "http://[2002:7f00:1::]/"),
    *("https://127\u30020\u30020\uff611\u3002/", "https://10\u30020\u30020\u30021/"),
]
