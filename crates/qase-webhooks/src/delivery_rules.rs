//! How Qase delivers, as far as its pages tell it.
//!
//! Not known: how often a failed delivery is repeated and after how long, which status counts as success besides 200,
//! and any header other than the secret's.

use std::net::Ipv4Addr;
use std::time::Duration;

/// The header with the secret, sent only when one is configured for the webhook. Documented.
///
/// Its value is the secret itself, in clear, and not a signature: it tells that the sender knows the secret, and
/// nothing about the body. Accept deliveries over HTTPS only, and never log it.
pub const SECRET_HEADER: &str = "X-Qase-Secret";

/// The time after which a delivery without an answer has failed. Documented.
pub const RESPONSE_TIMEOUT: Duration = Duration::from_secs(15);

/// The time without a single successful delivery after which Qase switches the webhook off and tells its owner by
/// e-mail. Documented.
pub const DISABLED_AFTER: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// The addresses that deliveries come from. Documented, and the vendor says that they may change: good for a firewall
/// that someone looks after, not for a fixed filter.
///
/// [Vendor page](https://docs.qase.io/administration/security/qase-ip-addresses)
pub const SOURCE_ADDRESSES: [Ipv4Addr; 3] =
    [Ipv4Addr::new(3, 141, 66, 247), Ipv4Addr::new(3, 129, 164, 77), Ipv4Addr::new(3, 141, 77, 106)];

/// How large a body a receiver should take, unless it is told otherwise: the vendor states no limit, and its largest
/// documented payloads are a few kilobytes.
pub const SUGGESTED_BODY_LIMIT: usize = 1024 * 1024;
