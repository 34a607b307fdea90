//! Whose webhook a body is, by the keys of its envelope; and one type for the webhooks of several vendors.

use super::scan::{self, NAME_SCORE};
use super::{DecodeError, Layout};
use crate::json::without_byte_order_mark;

/// How well the keys of a body fit the envelope of a vendor. A body that breaks in the middle is judged by what came
/// before.
pub fn score<T: Layout>(body: &[u8]) -> u32 {
    let body = without_byte_order_mark(body);
    match std::str::from_utf8(body) {
        Ok(text) => scan::whole::<T>(text).score,
        Err(error) => {
            let valid = body.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).map_or(0, |text| scan::whole::<T>(text).score)
        }
    }
}

/// The candidate with the best score; `None` when nobody's is high enough, or two are equally good.
pub fn best<C: Copy>(scores: impl IntoIterator<Item = (C, u32)>) -> Option<C> {
    let mut scores: Vec<_> = scores.into_iter().filter(|(_, score)| *score >= NAME_SCORE).collect();
    scores.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
    match scores.as_slice() {
        [(candidate, _)] => Some(*candidate),
        [(candidate, first), (_, second), ..] if first > second => Some(*candidate),
        _ => None,
    }
}

/// What came of decoding a body of which the vendor was not known; `None` where it is no vendor's that is served.
pub type Detected<T> = Option<Result<T, DecodeError>>;

/// Defines an enum of the webhooks of several vendors: those that a program serves.
///
/// The enum tells the vendor of a body by the keys of its envelope (`detect`), decodes it (`from_slice`), and has the
/// accessors of [`Envelope`](crate::Envelope).
///
/// ```ignore
/// webhook_core::any_webhook! {
///     /// A webhook of one of our vendors.
///     pub enum AnyWebhook {
///         Qase(qase_webhooks::Webhook),
///         DeepSource(deepsource_webhooks::Webhook),
///     }
/// }
/// match AnyWebhook::detect(body) {
///     Some(Ok(webhook)) => println!("{} {}", webhook.vendor(), webhook.name()),
///     Some(Err(error)) => eprintln!("{error}"),
///     None => eprintln!("no webhook of a vendor that is served"),
/// }
/// ```
#[macro_export]
macro_rules! any_webhook {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_attribute:meta])* $variant:ident($webhook:ty)),+ $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        $visibility enum $name {
            $(
                $(#[$variant_attribute])*
                #[doc = concat!("A webhook of ", stringify!($variant), ".")]
                $variant($webhook),
            )+
        }

        impl $name {
            /// The vendors, in the order in which they are listed.
            pub const VENDORS: &'static [&'static str] = &[$(<$webhook as $crate::Layout>::VENDOR),+];

            /// The vendor whose envelope a body has; `None` when it is none of these, or fits two equally well.
            pub fn vendor_of(body: &[u8]) -> Option<&'static str> {
                $crate::detect::best([$(
                    (<$webhook as $crate::Layout>::VENDOR, $crate::detect::score::<$webhook>(body)),
                )+])
            }

            /// Decodes a body of whichever vendor it is; `None` when it is none of these, or fits two equally well.
            pub fn detect(body: &[u8]) -> $crate::detect::Detected<Self> {
                Self::from_slice(Self::vendor_of(body)?, body)
            }

            /// Decodes a body of a vendor; `None` when the vendor is none of these.
            pub fn from_slice(vendor: &str, body: &[u8]) -> $crate::detect::Detected<Self> {
                $(
                    if vendor == <$webhook as $crate::Layout>::VENDOR {
                        return Some(<$webhook as $crate::Envelope>::from_slice(body).map(Self::$variant));
                    }
                )+
                None
            }

            /// The vendor, in lower case.
            pub fn vendor(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => <$webhook as $crate::Layout>::VENDOR,)+
                }
            }

            /// The name of the event on the wire, also of an unlisted one.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$variant(webhook) => $crate::Envelope::name(webhook),)+
                }
            }

            /// When the event happened, by the vendor's clock; `None` where the vendor sends no time.
            pub fn occurred_at(&self) -> Option<$crate::__private::chrono::DateTime<$crate::__private::chrono::Utc>> {
                match self {
                    $(Self::$variant(webhook) => $crate::Envelope::occurred_at(webhook),)+
                }
            }

            /// Whose event it is; `None` where the envelope does not say.
            pub fn account(&self) -> Option<&str> {
                match self {
                    $(Self::$variant(webhook) => $crate::Envelope::account(webhook),)+
                }
            }

            /// The vendor's own id of the event; `None` where the vendor sends none.
            pub fn event_id(&self) -> Option<&str> {
                match self {
                    $(Self::$variant(webhook) => $crate::Envelope::event_id(webhook),)+
                }
            }

            /// What is known about the event; `None` when it is not listed.
            pub fn info(&self) -> Option<&'static $crate::EventInfo> {
                match self {
                    $(Self::$variant(webhook) => $crate::Envelope::info(webhook),)+
                }
            }
        }

        $(
            impl ::core::convert::From<$webhook> for $name {
                fn from(webhook: $webhook) -> Self {
                    Self::$variant(webhook)
                }
            }
        )+

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(webhook) => $crate::__private::serde::Serialize::serialize(webhook, serializer),)+
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::best;

    #[test]
    fn a_tie_is_nobodys_and_so_is_an_envelope_without_a_name() {
        assert_eq!(best([('a', 7), ('b', 6)]), Some('a'));
        assert_eq!(best([('a', 6), ('b', 6), ('c', 1)]), None);
        assert_eq!(best([('a', 3), ('b', 2)]), None);
        assert_eq!(best::<char>([]), None);
    }
}
