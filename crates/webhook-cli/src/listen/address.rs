//! The address to listen on, as given on the command line.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};
use std::str::FromStr;

use tokio::net::{TcpListener, TcpSocket};

/// The backlog of connections. A full backlog would delay a burst of deliveries by a second, because the client has to
/// retry.
const BACKLOG: u32 = 1_024;

/// The size of the send buffer. An answer is about a hundred bytes, and a client that does not read must not use much
/// memory.
const SEND_BUFFER_BYTES: u32 = 16 * 1024;

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, or `:8080` for every address of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// Empty for every address.
    host: String,
    port: u16,
}

impl Address {
    /// A port on the loopback address.
    pub(super) fn local(port: u16) -> Self {
        Self { host: Ipv4Addr::LOCALHOST.to_string(), port }
    }

    /// Listens on every address of the host.
    ///
    /// # Errors
    ///
    /// The message names the address.
    pub(crate) fn listen(&self) -> io::Result<Vec<TcpListener>> {
        let named = |error: io::Error| {
            io::Error::new(error.kind(), format!("failed to listen on {self}: {}", reason(&error)))
        };
        let addresses = self.resolve().map_err(named)?;
        let mut listeners: Vec<TcpListener> = Vec::new();
        let mut failed = None;
        for mut address in addresses {
            if let Some(first) = listeners.first() {
                // A free port must be the same on every address.
                address.set_port(first.local_addr()?.port());
            }
            match bind(address) {
                Ok(listener) => listeners.push(listener),
                // A machine without IPv6 may still resolve `localhost` to an IPv6 address.
                Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => failed = Some(error),
                Err(error) => return Err(named(error)),
            }
        }
        match failed {
            Some(error) if listeners.is_empty() => Err(named(error)),
            _ => Ok(listeners),
        }
    }

    fn resolve(&self) -> io::Result<Vec<SocketAddr>> {
        if self.host.is_empty() {
            let every: [IpAddr; 2] = [Ipv6Addr::UNSPECIFIED.into(), Ipv4Addr::UNSPECIFIED.into()];
            // If IPv6 is available, its socket accepts IPv4 too.
            let works = |address: &IpAddr| std::net::TcpListener::bind((*address, 0)).is_ok();
            let address = every.into_iter().find(works).unwrap_or(Ipv4Addr::UNSPECIFIED.into());
            return Ok(vec![(address, self.port).into()]);
        }
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let mut addresses: Vec<SocketAddr> = (host, self.port).to_socket_addrs()?.collect();
        addresses.sort_by_key(SocketAddr::is_ipv6);
        addresses.dedup();
        if addresses.is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address"));
        }
        Ok(addresses)
    }
}

fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // With this option the port is free at once after a restart. On other systems the option has another meaning.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}

/// The error without its number, with advice for the most frequent errors.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "another program listens there; choose another --port".to_owned(),
        io::ErrorKind::PermissionDenied => "not allowed; ports below 1024 need a privilege".to_owned(),
        _ => error.to_string(),
    }
}

impl FromStr for Address {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str =
            "expected HOST:PORT, such as 127.0.0.1:8080, localhost:8080, [::1]:8080 or :8080";
        let (host, port) = text.rsplit_once(':').ok_or(EXPECTED)?;
        let bracketed = host.starts_with('[') && host.ends_with(']');
        if (host.contains(':') && !bracketed) || host.contains(['/', ' ']) {
            return Err(EXPECTED);
        }
        Ok(Self { host: host.to_owned(), port: port.parse().map_err(|_| EXPECTED)? })
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}
