//! Newtypes for ids and other opaque texts.

/// Defines newtypes around a text that is kept as sent and never parsed. A number is read as its digits. Empty text is
/// not an id and cannot be read.
///
/// ```
/// webhook_core::text_id! {
///     /// The id of a team.
///     pub struct TeamId;
/// }
/// let id = TeamId::from("t-1");
/// assert_eq!(id, "t-1");
/// assert_eq!(id.to_string(), "t-1");
/// ```
#[macro_export]
macro_rules! text_id {
    ($($(#[$attribute:meta])* $visibility:vis struct $name:ident;)+) => {$(
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility struct $name(String);

        impl $name {
            /// The text as sent.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, without copying it.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl<T: Into<String>> ::core::convert::From<T> for $name {
            fn from(text: T) -> Self {
                Self(text.into())
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::core::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl ::core::cmp::PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl ::core::cmp::PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl $crate::Wire for $name {
            #[inline]
            fn read(
                json: &mut $crate::json::Reader<'_>,
            ) -> ::core::result::Result<Option<Self>, $crate::json::NotJson> {
                Ok($crate::__private::read_id(json)?.map(Self))
            }

            fn write<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }

            fn shape() -> $crate::describe::Shape {
                $crate::describe::Shape::Id
            }
        }

        $crate::wire_as_serde!($name);
    )+};
}
