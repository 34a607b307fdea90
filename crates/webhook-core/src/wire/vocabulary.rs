//! Closed lists of texts and of numbers, which [`Open`](crate::Open) and [`OpenCode`](crate::OpenCode) extend with
//! unlisted values.

use std::fmt;
use std::str::FromStr;

/// A closed list of texts with their spelling, as [`vocabulary!`](crate::vocabulary!) defines it.
pub trait Vocabulary: Copy + Eq + Ord + FromStr<Err = UnlistedName> + fmt::Display + 'static {
    /// Every value, in the order of the list.
    const ALL: &'static [Self];

    /// The spelling of every value, in the same order.
    const NAMES: &'static [&'static str];

    /// The value in the vendor's spelling.
    fn as_str(self) -> &'static str;
}

/// A closed list of numbers, as [`codes!`](crate::codes!) defines it.
pub trait Code: Copy + Eq + Ord + FromStr<Err = UnlistedName> + fmt::Display + 'static {
    /// Every value, in the order of the list.
    const ALL: &'static [Self];

    /// Every listed number, in the same order.
    const CODES: &'static [i64];

    /// The meaning of every number, as one word, in the same order.
    const NAMES: &'static [&'static str];

    /// The value with this number; `None` if it is not listed.
    fn from_code(code: i64) -> Option<Self>;

    /// The number of this value.
    fn code(self) -> i64;
}

/// A text that is not in the list.
///
/// `Display` and `Debug` name similar entries of the list, and never the text itself.
#[derive(Clone, PartialEq, Eq)]
pub struct UnlistedName {
    text: Box<str>,
    names: &'static [&'static str],
}

impl UnlistedName {
    /// For the code that this crate's macros write.
    #[doc(hidden)]
    pub fn new(text: &str, names: &'static [&'static str]) -> Self {
        Self { text: text.into(), names }
    }

    /// At most three listed names that are similar to the text, the most similar first.
    pub fn close(&self) -> Vec<&'static str> {
        // Names of events have long common prefixes, so the threshold is high.
        const CLOSE: f64 = 0.75;
        // A text that is much longer than every name is not similar to any.
        if self.text.len() > 4 * self.names.iter().map(|name| name.len()).max().unwrap_or_default() {
            return Vec::new();
        }
        let text = self.text.to_lowercase();
        let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&text, &name.to_lowercase());
        let mut names: Vec<_> = self.names.iter().map(|name| (likeness(name), *name)).collect();
        names.retain(|(likeness, _)| *likeness >= CLOSE);
        names.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        names.into_iter().map(|(_, name)| name).take(3).collect()
    }
}

impl fmt::Display for UnlistedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// A list this short is shown as a whole.
        const SHORT: usize = 4;
        f.write_str("not a listed name")?;
        let close = self.close();
        let (start, shown) = match close.as_slice() {
            [] if self.names.len() <= SHORT => ("; listed:", self.names),
            close => ("; similar names:", close),
        };
        for (position, name) in shown.iter().enumerate() {
            write!(f, "{} `{name}`", if position == 0 { start } else { "," })?;
        }
        Ok(())
    }
}

impl fmt::Debug for UnlistedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnlistedName").field("close", &self.close()).finish()
    }
}

impl std::error::Error for UnlistedName {}

/// Defines an enum of texts from a list: each value with its spelling on the wire, and other spellings that are read as
/// the same value.
///
/// The enum gets `ALL`, `as_str`, `Display`, `FromStr` (with the closest names in its error), an order and serde's
/// traits.
///
/// ```
/// webhook_core::vocabulary! {
///     /// Where a review stands.
///     pub enum ReviewStatus {
///         /// Under review.
///         Open = "open",
///         /// Changes were asked for.
///         RequestChanges = "request changes" | "changes_requested",
///     }
/// }
/// assert_eq!("changes_requested".parse(), Ok(ReviewStatus::RequestChanges));
/// assert_eq!(ReviewStatus::RequestChanges.to_string(), "request changes");
/// assert_eq!("opne".parse::<ReviewStatus>().unwrap_err().close(), ["open"]);
/// ```
#[macro_export]
macro_rules! vocabulary {
    ($(
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$value_attribute:meta])* $value:ident = $text:literal $(| $other:literal)*,)+
        }
    )+) => {$(
        $crate::enum_of_names! {
            Vocabulary, "The value in the vendor's spelling."
            $(#[$attribute])*
            $visibility enum $name {
                $(
                    $(#[$value_attribute])*
                    #[doc = concat!("\n\nWritten `", $text, "`.")]
                    $value = $text $(| $other)*,
                )+
            }
        }

        impl $crate::Vocabulary for $name {
            const ALL: &'static [Self] = Self::ALL;
            const NAMES: &'static [&'static str] = &[$($text),+];

            fn as_str(self) -> &'static str {
                self.into()
            }
        }
    )+};
}

/// Defines an enum of numbers from a list: each value with its number on the wire and its meaning in one word.
///
/// The enum gets `ALL`, `as_str` (the meaning), `Display`, `FromStr`, the order of the list, and serde's traits by
/// meaning. On the wire it is a number, inside an [`OpenCode`](crate::OpenCode).
///
/// ```
/// use webhook_core::Code;
///
/// webhook_core::codes! {
///     /// How urgent it is.
///     pub enum Priority {
///         /// It can wait.
///         Low = 0 => "low",
///         /// It cannot.
///         High = 2 => "high",
///     }
/// }
/// assert_eq!(Priority::from_code(2), Some(Priority::High));
/// assert_eq!(Priority::High.to_string(), "high");
/// ```
#[macro_export]
macro_rules! codes {
    ($(
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$value_attribute:meta])* $value:ident = $code:literal => $text:literal,)+
        }
    )+) => {$(
        $crate::enum_of_names! {
            Code, "The meaning of the value, in one word."
            $(#[$attribute])*
            $visibility enum $name {
                $(
                    $(#[$value_attribute])*
                    #[doc = concat!("\n\n`", $code, "` on the wire.")]
                    $value = $text,
                )+
            }
        }

        impl $crate::Code for $name {
            const ALL: &'static [Self] = Self::ALL;
            const CODES: &'static [i64] = &[$($code),+];
            const NAMES: &'static [&'static str] = &[$($text),+];

            fn from_code(code: i64) -> Option<Self> {
                match code {
                    $($code => Some(Self::$value),)+
                    _ => None,
                }
            }

            fn code(self) -> i64 {
                match self {
                    $(Self::$value => $code,)+
                }
            }
        }
    )+};
}

/// The enum of a list of names, with everything that does not depend on the form of a value on the wire.
#[doc(hidden)]
#[macro_export]
macro_rules! enum_of_names {
    (
        $list:ident, $as_str:literal
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$value_attribute:meta])* $value:ident = $text:literal $(| $other:literal)*,)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            $crate::__private::strum::EnumString, $crate::__private::strum::IntoStaticStr,
        )]
        #[strum(
            crate = "webhook_core::__private::strum",
            parse_err_ty = $crate::UnlistedName,
            parse_err_fn = $name::unlisted,
        )]
        #[non_exhaustive]
        $visibility enum $name {
            $(
                $(#[$value_attribute])*
                #[strum(to_string = $text $(, serialize = $other)*)]
                $value,
            )+
        }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            #[doc = $as_str]
            pub fn as_str(self) -> &'static str {
                self.into()
            }

            fn unlisted(text: &str) -> $crate::UnlistedName {
                $crate::UnlistedName::new(text, <Self as $crate::$list>::NAMES)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let text =
                    <::std::borrow::Cow<'de, str> as $crate::__private::serde::Deserialize>::deserialize(
                        deserializer,
                    )?;
                text.parse().map_err($crate::__private::serde::de::Error::custom)
            }
        }
    };
}
