from ipaddress import ip_address

import pytest

from booking.domain.addresses import Address, BadAddress, Reach, is_public

THE_INTERNET = Reach()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "agenda.ics",
        "/etc/passwd",
        "//127.0.0.1/x",
        "http://",
        "http:///x",
        "http://a b/",
        "http://example.org\\@127.0.0.1/",
        "http://exa\nmple.org/",
        "http://example.org/\x00",
        "http://example.org:99999/",
        "http://example.org:0/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://exa%6dple.org/",
        "http://ex*ample.org/",
        "http://" + "a" * 64 + ".org/",
        "http://example.org/" + "a" * 2000,
    ],
)
def test_what_is_no_address_is_refused(url: str):
    with pytest.raises(BadAddress, match=r"not-a-web-address|private-address"):
        Address.parse(url)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/x", "gopher://x/", "data:text/calendar,x"]
)
def test_only_http_and_https_are_gone_to(url: str):
    with pytest.raises(BadAddress, match="scheme"):
        Address.parse(url)


def test_an_address_is_taken_apart_once():
    address = Address.parse("HTTPS://ann:p%40ss@Agenda.Buda.BE:8443/à b?x=1&y=é".replace(" ", "%20"))
    assert (address.scheme, address.host, address.port) == ("https", "agenda.buda.be", 8443)
    assert address.target == "/%C3%A0%20b?x=1&y=%C3%A9"
    assert address.user == ("ann", "p@ss")


@pytest.mark.parametrize(
    "number",
    [
        "0.0.0.255", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "64:ff9b::7f00:1",
        "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1",
        "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "5f00::1", "2a00:1450:4001::5efe:7f00:1",
    ],
)  # fmt: skip
def test_private_numbers_and_their_disguises_are_not_the_internet(number: str):
    assert not is_public(ip_address(number))


@pytest.mark.parametrize("number", ["1.1.1.1", "193.190.1.1", "2a00:1450:4001::1", "64:ff9b::101:101"])
def test_public_numbers_are(number: str):
    assert is_public(ip_address(number))


@pytest.mark.parametrize(
    "url", ["http://localhost/", "http://LOCALHOST.:80/", "http://a.localhost/", "http://127.1/"]
)
def test_this_machine_is_recognised_before_anybody_is_asked(url: str):
    with pytest.raises(BadAddress, match="private-address"):
        THE_INTERNET.check(Address.parse(url))


def test_what_a_deployment_names_may_be_reached_although_private():
    reach = Reach.of(["intranet.house:8080", "10.1.0.0/16", "fd00::/8"])
    assert reach.allows(ip_address("192.168.1.9"), "intranet.house", 8080)
    assert not reach.allows(ip_address("192.168.1.9"), "intranet.house", 80)
    assert reach.allows(ip_address("10.1.2.3"), "x.example", 80)
    assert reach.allows(ip_address("::ffff:10.1.2.3"), "x.example", 80)
    assert not reach.allows(ip_address("10.2.2.3"), "x.example", 80)
    assert reach.allows(ip_address("fd00::1"), "x.example", 80)
    Reach.of(["localhost:8080"]).check(Address.parse("http://localhost:8080/"))
    Reach.of(["127.0.0.0/8"]).check(Address.parse("http://localhost/"))
