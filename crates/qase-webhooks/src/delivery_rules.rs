//! How Qase delivers, as far as its pages tell it.
//!
//! A webhook belongs to one project and posts JSON to one endpoint, for the events that are selected in the settings of
//! the project.
//!
//! # Not provided
//!
//! - A header that names the event: its name is in the body.
//! - A promise about order and number: related events may arrive swapped, and more than once.
//! - The names and payloads of the events for results of test cases that are added, edited and removed, which the
//!   settings offer: they arrive as [`Event::Unlisted`](crate::Event::Unlisted).
//!
//! # Not known
//!
//! How often a failed delivery is repeated and after how long, which statuses count as success (answer 200), any header
//! other than the secret's, and whether there is a test delivery: no page of the vendor mentions one.

use std::net::Ipv4Addr;
use std::time::Duration;

/// The header with the secret.
///
/// **Trap:** the value is the secret itself, in clear, and not a signature. Accept deliveries over HTTPS only, and
/// never log the header.
///
/// **Trap:** the header is sent only when a secret is configured for the webhook, which Qase does not require.
///
/// **Standing:** [documented](https://docs.qase.io/general/webhooks).
pub const SECRET_HEADER: &str = "X-Qase-Secret";

/// The time after which a delivery without an answer has failed.
///
/// **Trap:** the page can be read as if a single late answer switched the webhook off. Answer before the work is done.
///
/// **Standing:** [documented](https://docs.qase.io/en/articles/5563718-webhooks).
pub const RESPONSE_TIMEOUT: Duration = Duration::from_secs(15);

/// The time without a single successful delivery after which Qase switches the webhook off and tells its owner by
/// e-mail.
///
/// **Trap:** a receiver that answers with an error whenever a payload does not decode can lose its webhook that way.
/// What is genuine is to be acknowledged.
///
/// **Standing:** [documented](https://docs.qase.io/en/articles/5563718-webhooks).
pub const DISABLED_AFTER: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// The addresses that deliveries come from.
///
/// **Trap:** the vendor says that they may change, so they are good for a firewall that someone looks after and not for
/// a fixed filter.
///
/// **Standing:** [documented](https://docs.qase.io/administration/security/qase-ip-addresses).
pub const SOURCE_ADDRESSES: [Ipv4Addr; 3] =
    [Ipv4Addr::new(3, 141, 66, 247), Ipv4Addr::new(3, 129, 164, 77), Ipv4Addr::new(3, 141, 77, 106)];

/// How large a body a receiver takes, unless it is told otherwise: the largest documented payloads are a few kilobytes.
///
/// **Standing:** our suggestion; the vendor states no limit.
pub const SUGGESTED_BODY_LIMIT: usize = 1024 * 1024;
