//! Which addresses belong to the public Internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is of the public Internet: neither this machine, nor its network, nor a reserved range (RFC 6890).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => embedded(address).map_or_else(|| is_public_v6(address), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_protocol = (a, b, c) == (192, 0, 0) || (a, b, c) == (192, 88, 99);
    let is_bench = a == 198 && (b == 18 || b == 19);
    let is_reserved = a == 0 || a >= 224 || is_shared || is_protocol || is_bench;
    !(is_reserved || address.is_private() || address.is_loopback() || address.is_link_local() || address.is_documentation())
}

/// Global unicast is 2000::/3, which leaves out 5f00::/16 (RFC 9602); of it, documentation, tunnels and benches are left out.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, ..] = address.segments();
    let is_documentation = (first, second) == (0x2001, 0x0db8) || (first == 0x3fff && second < 0x1000);
    let is_tunnel = (first, second) == (0x2001, 0);
    let is_bench = (first, second, third) == (0x2001, 2, 0);
    first & 0xe000 == 0x2000 && !(is_documentation || is_tunnel || is_bench)
}

/// The older address that a newer one carries: mapped, 6to4, NAT64 (64:ff9b::/96; what follows, 64:ff9b:1::/48, is of the inside, RFC 8215).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [first, second, third, fourth, fifth, sixth, seventh, eighth] = address.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (first, second) {
        (0x2002, _) => Some(join(second, third)),
        (0x0064, 0xff9b) if [third, fourth, fifth, sixth] == [0; 4] => Some(join(seventh, eighth)),
        _ => address.to_ipv4_mapped(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inside_is_known_in_all_its_forms() {
        for inside in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fc00::1",
            "fe80::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::a00:1",
            "2001:db8::1",
            "::127.0.0.1",
            "64:ff9b:1::808:808",
            "64:ff9b:1:ffff::808:808",
            "64:ff9b:0:0:0:1:808:808",
            "2001:2::1",
            "2001:2:0:ffff::1",
            "3fff::1",
            "3fff:fff:ffff::1",
            "5f00::1",
            "5f00:ffff::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2001:2:1::1",
            "3fff:1000::1",
            "3ffe::1",
        ] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }
}
