//! The options of the page.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

use crate::listen::Address;

/// The default minimum of free space for a process that is ready: 256 MiB.
const MIN_FREE_BYTES: u64 = 256 * 1024 * 1024;

#[derive(Args)]
#[command(next_help_heading = "Admin page")]
pub(crate) struct Admin {
    /// Serve a page with the deliveries of the inbox, /livez, /readyz and /metrics at this address
    ///
    /// Everyone who can reach it can read and replay deliveries. An address that other machines can reach needs a
    /// token, in the variable `WEBHOOKS_ADMIN_TOKEN`, in the file that `WEBHOOKS_ADMIN_TOKEN_FILE` names, or in that of
    /// --admin-token-file.
    #[arg(id = "admin", long = "admin", value_name = "HOST:PORT")]
    pub(crate) address: Option<Address>,
    /// Require the token in this file, of 16 ASCII characters or more
    #[arg(id = "admin-token-file", long = "admin-token-file", value_name = "FILE", requires = "admin")]
    pub(crate) token_file: Option<PathBuf>,
    /// Also answer requests to this host name, such as that of a proxy, on any port; IP addresses and `localhost` are always
    /// answered
    #[arg(id = "admin-host", long = "admin-host", value_name = "NAME", requires = "admin", value_parser = host_name)]
    pub(crate) hosts: Vec<String>,
    /// Report not ready when less than this is free on the disk of the inbox
    #[arg(
        id = "min-free-bytes",
        long = "min-free-bytes",
        value_name = "BYTES",
        default_value_t = MIN_FREE_BYTES,
        requires = "admin"
    )]
    pub(crate) min_free_bytes: u64,
}

/// A host name alone, as it is compared with that of a request.
fn host_name(text: &str) -> Result<String, String> {
    let is_name =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    if is_name || text.parse::<IpAddr>().is_ok() {
        return Ok(text.to_owned());
    }
    Err("expected a host name without scheme, port and path, such as hooks.example.com".to_owned())
}
