//! Vocabularies of numbers: one list of values, from which the enum and its numbers are made.

/// Defines an enum with the number of each value on the wire.
///
/// The numbers follow no order of their own, so the enum has none either.
macro_rules! codes {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $($(#[$value_attribute:meta])* $value:ident = $code:literal,)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash,
            strum::IntoStaticStr, strum::Display, strum::VariantArray,
        )]
        #[strum(serialize_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$value_attribute])* #[doc = concat!("\n\n`", $code, "` on the wire.")] $value,)+
        }

        impl webhook_core::Code for $name {
            const CODES: &'static [i64] = &[$($code),+];

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
    };
}

pub(crate) use codes;
