//! Which addresses a sink may send to.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;

/// Why an address is refused.
pub(super) const REFUSED: &str = "the address is in a private network, which has to be allowed";

/// Resolves names, and refuses a name that has an address in a private network.
///
/// The check is here and not before the request, because the address of the name may change in between.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolver {
    pub(super) allow_private: bool,
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if !allow_private && found.iter().any(|address| is_private(address.ip())) {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, REFUSED));
            }
            Ok(found.into_iter())
        })
    }
}

/// The address in a URL without a host name.
pub(super) fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether an address is not an address of the public internet.
pub(super) fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        // "This network", shared addresses of a provider, of the protocol, for benchmarks, and reserved ones.
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let embedded =
        |high: u16, low: u16| is_private_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match address.segments() {
        // Addresses of translation and tunnels lead to the IPv4 address in them.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => embedded(high, low),
        // Only this block is allocated for the internet; parts of it are reserved for documentation and the protocol.
        _ => {
            a & 0xe000 != 0x2000 || (a == 0x2001 && (b == 0xdb8 || b < 0x200)) || (a == 0x3fff && b < 0x1000)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_spelling() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::a00:1]",
            "[2002:7f00:1::]",
            "[2001:db8::1]",
            "[ff02::1]",
        ] {
            assert!(literal(private).is_some_and(is_private), "{private}");
        }
        for public in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "[2606:4700::1111]", "[2a00:1450:4001::1]"] {
            assert!(literal(public).is_some_and(|address| !is_private(address)), "{public}");
        }
        assert_eq!(literal("localhost"), None);
    }
}
