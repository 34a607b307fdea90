//! How DeepSource delivers, as far as it is known.
//!
//! Not known: how long DeepSource waits for an answer, after how long it tries again and after which answers, whether it
//! ever switches an endpoint off by itself, from which addresses it sends, and any header other than the signature's.
//! Nothing in the headers names the event or the delivery; both are in the body.
//!
//! [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/setup)

/// The header with the signature, on every delivery while signing is switched on for the endpoint, the test included,
/// and absent while it is off. Documented.
///
/// The signature is an HMAC of the payload under the endpoint's secret. Which hash it uses and how it is written is not
/// documented: a delivery to a request logger settles it, for 64 hexadecimal digits are SHA-256 and 40 are SHA-1.
pub const SIGNATURE_HEADER: &str = "x-deepsource-signature";

/// The fewest characters that the dashboard accepts for a secret. Documented.
pub const MIN_SECRET_CHARS: usize = 16;

/// How often a failed delivery is repeated. From the delivery log of the vendor's dashboard; not on its pages.
pub const MAX_RETRIES: u32 = 5;

/// How often one event is delivered at most: once, and as often again as it is repeated. Follows from [`MAX_RETRIES`].
pub const MAX_ATTEMPTS: u32 = MAX_RETRIES + 1;

/// A limit for the length of a body, in bytes. The vendor states none; a run lists every check, and an issue carries
/// text that customers write, so it is generous.
pub const SUGGESTED_BODY_LIMIT: usize = 5 * 1024 * 1024;
