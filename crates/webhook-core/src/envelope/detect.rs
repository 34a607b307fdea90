//! Whose webhook a body is, by the keys of its envelope; and one type for the webhooks of several vendors.

use super::Layout;
use super::scan::{self, NAME_SCORE};
use crate::json::without_byte_order_mark;
use crate::receive::scheme::Authenticated;

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

/// Code that needs the webhook type of a vendor, where the vendor is known only when it runs.
///
/// The `run` of a vendor enum that [`any_webhook!`](crate::any_webhook!) writes calls it with the type of the vendor.
///
/// ```
/// use webhook_core::{Authenticated, ForVendor, IdempotencyKey};
///
/// struct KeyOf<'a>(&'a [u8]);
///
/// impl ForVendor for KeyOf<'_> {
///     type Output = IdempotencyKey;
///
///     fn run<W: Authenticated>(self) -> IdempotencyKey {
///         W::key_of(self.0)
///     }
/// }
/// // let key = vendor.run(KeyOf(body));
/// ```
pub trait ForVendor {
    /// What it returns, the same for every vendor.
    type Output;

    /// Runs with the webhook type of a vendor.
    fn run<W: Authenticated>(self) -> Self::Output;
}

/// Defines an enum of the webhooks of several vendors, those that a program serves, and an enum of these vendors.
///
/// The first decodes (`detect`, `from_slice`) and has the accessors of [`Envelope`](crate::Envelope). The second is
/// known before anything is decoded: from the keys of an envelope (`of_body`) or from its name (`of_name`). It has what
/// is known about a vendor (`catalogue`, `authentication`), and runs code that needs the type of its webhooks (`run`
/// with a [`ForVendor`](crate::ForVendor)).
///
/// ```ignore
/// webhook_core::any_webhook! {
///     /// A webhook of one of our vendors.
///     pub enum AnyWebhook {
///         Qase(qase_webhooks::Webhook),
///         DeepSource(deepsource_webhooks::Webhook),
///     }
///     /// A vendor whose webhooks we receive.
///     pub enum Vendor;
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
        $(#[$vendor_attribute:meta])*
        $vendor_visibility:vis enum $vendor:ident;
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
            /// Decodes a body of whichever vendor it is; `None` when it is none of these, or fits two equally well.
            pub fn detect(body: &[u8]) -> Option<Result<Self, $crate::DecodeError>> {
                Some(Self::from_slice($vendor::of_body(body)?, body))
            }

            /// Decodes a body of a vendor.
            ///
            /// # Errors
            ///
            /// As [`Envelope::from_slice`](webhook_core::Envelope::from_slice).
            pub fn from_slice(vendor: $vendor, body: &[u8]) -> Result<Self, $crate::DecodeError> {
                match vendor {
                    $($vendor::$variant => <$webhook as $crate::Envelope>::from_slice(body).map(Self::$variant),)+
                }
            }

            /// The vendor.
            pub fn vendor(&self) -> $vendor {
                match self {
                    $(Self::$variant(_) => $vendor::$variant,)+
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

        $(#[$vendor_attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $vendor_visibility enum $vendor {
            $(
                #[doc = concat!(stringify!($variant), ".")]
                $variant,
            )+
        }

        impl $vendor {
            /// Every vendor, in the order in which they are listed.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The vendor of this name.
            pub fn of_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|vendor| vendor.name() == name)
            }

            /// The vendor whose envelope a body has; `None` when it is none of these, or fits two equally well.
            pub fn of_body(body: &[u8]) -> Option<Self> {
                $crate::detect::best([$((Self::$variant, $crate::detect::score::<$webhook>(body))),+])
            }

            /// The name, in lower case.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => <$webhook as $crate::Layout>::VENDOR,)+
                }
            }

            /// Every event that the vendor lists.
            pub fn catalogue(self) -> &'static [$crate::EventInfo] {
                match self {
                    $(Self::$variant => <$webhook as $crate::Envelope>::catalogue(),)+
                }
            }

            /// How the vendor authenticates its deliveries.
            pub fn authentication(self) -> $crate::Authentication {
                match self {
                    $(Self::$variant => {
                        $crate::Scheme::authentication(<$webhook as $crate::Authenticated>::SCHEME)
                    })+
                }
            }

            /// Runs code with the type of the vendor's webhooks.
            pub fn run<R: $crate::ForVendor>(self, code: R) -> R::Output {
                match self {
                    $(Self::$variant => code.run::<$webhook>(),)+
                }
            }
        }

        impl ::core::fmt::Display for $vendor {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.name())
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
