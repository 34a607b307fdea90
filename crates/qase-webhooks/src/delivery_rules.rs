//! How Qase delivers webhooks, according to its pages.
//!
//! A webhook belongs to one project. It sends JSON in `POST` requests to one endpoint, for the events that are selected
//! in the settings of the project.
//!
//! # Not provided
//!
//! - A header that names the event: its name is in the body.
//! - A guaranteed order, or delivery exactly once: related events may arrive in another order, and more than once.
//! - The names and payloads of the events for added, edited and removed results of test cases. The settings offer these
//!   events; they arrive as [`Event::Unlisted`](crate::Event::Unlisted).
//!
//! # Not known
//!
//! How often and after what time a failed delivery is repeated. Which statuses count as success: answer 200. Whether
//! there are headers besides that of the secret, and whether there is a test delivery: no page of the vendor mentions
//! one.

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
/// **Trap:** the page can be understood to mean that a single late answer disables the webhook. Answer before you
/// process the delivery.
///
/// **Standing:** [documented](https://docs.qase.io/en/articles/5563718-webhooks).
pub const RESPONSE_TIMEOUT: Duration = Duration::from_secs(15);

/// The time without a successful delivery after which Qase disables the webhook and informs its owner by e-mail.
///
/// **Trap:** if a receiver answers with an error whenever a payload does not decode, Qase may disable the webhook.
/// Acknowledge every genuine delivery.
///
/// **Standing:** [documented](https://docs.qase.io/en/articles/5563718-webhooks).
pub const DISABLED_AFTER: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// The addresses that deliveries come from.
///
/// **Trap:** the vendor says that they may change. Use them in a firewall that is maintained, not in a fixed filter.
///
/// **Standing:** [documented](https://docs.qase.io/administration/security/qase-ip-addresses).
pub const SOURCE_ADDRESSES: [Ipv4Addr; 3] =
    [Ipv4Addr::new(3, 141, 66, 247), Ipv4Addr::new(3, 129, 164, 77), Ipv4Addr::new(3, 141, 77, 106)];

/// The default limit of a receiver for the size of a body. The largest documented payloads are a few kilobytes.
///
/// **Standing:** our suggestion; the vendor states no limit.
pub const SUGGESTED_BODY_LIMIT: usize = 1024 * 1024;
