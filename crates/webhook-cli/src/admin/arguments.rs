//! The options of the page.

use std::path::PathBuf;

use clap::Args;

use crate::listen::Address;

/// The least free space for a process that is ready, unless configured: 256 MiB.
const MIN_FREE_BYTES: u64 = 256 * 1024 * 1024;

#[derive(Args)]
#[command(next_help_heading = "Admin page")]
pub(crate) struct Admin {
    /// Serve a page with the deliveries of the inbox, /livez, /readyz and /metrics at this address
    ///
    /// Whoever reaches it reads deliveries and replays them. Beyond this machine it needs a token: the variable
    /// `WEBHOOKS_ADMIN_TOKEN`, or a file.
    #[arg(id = "admin", long = "admin", value_name = "HOST:PORT")]
    pub(crate) address: Option<Address>,
    /// Ask for the token in this file, of 16 characters or more
    #[arg(id = "admin-token-file", long = "admin-token-file", value_name = "FILE", requires = "admin")]
    pub(crate) token_file: Option<PathBuf>,
    /// Answer requests to this host name too, such as the one of a proxy; addresses and `localhost` are answered anyway
    #[arg(id = "admin-host", long = "admin-host", value_name = "NAME", requires = "admin")]
    pub(crate) hosts: Vec<String>,
    /// Not ready when less than this is free where the inbox is
    #[arg(
        id = "min-free-bytes",
        long = "min-free-bytes",
        value_name = "BYTES",
        default_value_t = MIN_FREE_BYTES,
        requires = "admin"
    )]
    pub(crate) min_free_bytes: u64,
}
