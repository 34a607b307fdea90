//! The events of a vendor: one list, from which everything else is made.

use serde::de::Deserializer;
use serde::ser::Serializer;

use crate::raw::RawJson;
use crate::shape::Shape;

/// What is known about a listed event, without decoding one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventInfo {
    /// The name on the wire.
    pub name: &'static str,
    /// When the vendor sends it, on one line.
    pub summary: &'static str,
    /// The Rust type of the payload.
    pub payload: &'static str,
    /// How well it is known.
    pub standing: Standing,
    /// The vendor page that describes it.
    pub source: &'static str,
}

impl EventInfo {
    /// For the code that [`events!`](crate::events!) writes.
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        summary: &'static str,
        payload: &'static str,
        standing: Standing,
        source: &'static str,
    ) -> Self {
        Self { name, summary: trim_start(summary), payload: unboxed(payload), standing, source }
    }
}

/// How well an event is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::Display)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum Standing {
    /// The vendor's pages describe it.
    Documented,
    /// They describe it, and a real delivery or the vendor's own code has confirmed it.
    Seen,
    /// The vendor has replaced it, and it may still arrive.
    Deprecated,
}

/// A vendor's event enum, as [`events!`](crate::events!) writes it.
pub trait Events: Sized + 'static {
    /// The listed names.
    type Name: Copy + Eq + 'static;

    /// Every listed event, in the order of the list.
    const CATALOGUE: &'static [EventInfo];

    /// The listed event with this name on the wire; names are compared exactly.
    fn find(name: &str) -> Option<Self::Name>;

    /// Reads the payload of a listed event.
    ///
    /// # Errors
    ///
    /// A payload that contradicts the type of the event.
    fn decode<'de, D: Deserializer<'de>>(name: Self::Name, payload: D) -> Result<Self, D::Error>;

    /// A listed event that came without a payload; `None` when it means nothing without one.
    fn without_payload(name: Self::Name) -> Option<Self>;

    /// An event that is not listed.
    fn unlisted(name: Box<str>, payload: RawJson) -> Self;

    /// The name on the wire.
    fn name(&self) -> &str;

    /// Writes the payload.
    ///
    /// # Errors
    ///
    /// Only what the serializer itself reports.
    fn encode_payload<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// What the payload of a listed event looks like.
    fn payload_shape(name: Self::Name) -> Shape;

    /// What is known about the event; `None` when it is not listed.
    fn info(&self) -> Option<&'static EventInfo> {
        Self::CATALOGUE.iter().find(|info| info.name == self.name())
    }
}

/// Makes a vendor's event names, event enum, dispatch and catalogue of one list.
///
/// Each line of the list is everything there is to say about an event: when it is sent, its variant and payload type,
/// its name on the wire and its standing; the events of one vendor page stand together.
/// `else` names the variant for everything that is not listed. Before it, `announced` may name one for a family of
/// events of which the vendor has published the existence and nothing else: it takes the unlisted events whose name a
/// function recognises, and its type is made of a `Box<UnlistedEvent>`.
#[macro_export]
macro_rules! events {
    (
        $(#[$event_attribute:meta])*
        pub enum $event:ident;
        $(#[$name_attribute:meta])*
        pub enum $names:ident;
        $(page $source:literal {
            $(
                #[doc = $summary:literal]
                $(#[doc = $more:literal])*
                $variant:ident($payload:ty) = $wire:literal, $standing:ident;
            )+
        })+
        $(announced {
            $(#[$other_attribute:meta])*
            $other:ident($other_payload:ty) if $other_matches:expr;
        })?
        else {
            $(#[$unlisted_attribute:meta])*
            $unlisted:ident;
        }
    ) => {
        $(#[$event_attribute])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $event {
            $($(
                #[doc = concat!("`", $wire, "`:", $summary)]
                $(#[doc = $more])*
                #[doc = concat!("\n\n[Vendor page](", $source, ")")]
                #[doc(alias = $wire)]
                $variant($payload),
            )+)+
            $($(#[$other_attribute])* $other($other_payload),)?
            $(#[$unlisted_attribute])*
            $unlisted(::std::boxed::Box<$crate::UnlistedEvent>),
        }

        $(#[$name_attribute])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            $crate::strum::EnumString, $crate::strum::IntoStaticStr, $crate::strum::Display,
            $crate::strum::VariantNames, $crate::strum::VariantArray,
        )]
        #[strum(crate = "webhook_core::strum")]
        #[non_exhaustive]
        pub enum $names {
            $($(
                #[doc = concat!("`", $wire, "`:", $summary)]
                #[doc(alias = $wire)]
                #[strum(serialize = $wire)]
                $variant,
            )+)+
        }

        impl $names {
            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                self.into()
            }
        }

        impl $event {
            /// The name on the wire, also of an unlisted event.
            pub fn name(&self) -> &str {
                match self {
                    $($(Self::$variant(_) => $wire,)+)+
                    $(Self::$other(event) => event.name(),)?
                    Self::$unlisted(event) => event.name(),
                }
            }

            /// The listed name; `None` for any other.
            pub fn listed_name(&self) -> Option<$names> {
                match self {
                    $($(Self::$variant(_) => Some($names::$variant),)+)+
                    _ => None,
                }
            }
        }

        impl $crate::Events for $event {
            type Name = $names;

            const CATALOGUE: &'static [$crate::EventInfo] = &[$($(
                $crate::EventInfo::new(
                    $wire,
                    $summary,
                    stringify!($payload),
                    $crate::Standing::$standing,
                    $source,
                ),
            )+)+];

            #[inline]
            fn find(name: &str) -> Option<$names> {
                name.parse().ok()
            }

            fn decode<'de, D: $crate::serde::Deserializer<'de>>(
                name: $names,
                payload: D,
            ) -> ::core::result::Result<Self, D::Error> {
                match name {
                    $($($names::$variant => <$payload as $crate::Wire>::decode(payload).map(Self::$variant),)+)+
                }
            }

            fn without_payload(name: $names) -> Option<Self> {
                match name {
                    $($($names::$variant => <$payload as $crate::Wire>::absent().map(Self::$variant),)+)+
                }
            }

            fn unlisted(name: ::std::boxed::Box<str>, payload: $crate::RawJson) -> Self {
                let event = ::std::boxed::Box::new($crate::UnlistedEvent::new(name, payload));
                $(if $other_matches(event.name()) {
                    return Self::$other(event.into());
                })?
                Self::$unlisted(event)
            }

            fn name(&self) -> &str {
                $event::name(self)
            }

            fn encode_payload<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $($(Self::$variant(payload) => $crate::Wire::encode(payload, serializer),)+)+
                    $(Self::$other(event) => $crate::Wire::encode(event.payload(), serializer),)?
                    Self::$unlisted(event) => $crate::Wire::encode(event.payload(), serializer),
                }
            }

            fn payload_shape(name: $names) -> $crate::shape::Shape {
                match name {
                    $($($names::$variant => <$payload as $crate::Wire>::shape(),)+)+
                }
            }
        }
    };
}

/// A doc line starts with the space after its slashes.
const fn trim_start(text: &'static str) -> &'static str {
    match text.as_bytes().split_first() {
        Some((b' ', _)) => text.split_at(1).1,
        _ => text,
    }
}

/// `Box<Plan>` is a `Plan` to a reader of the catalogue.
const fn unboxed(payload: &'static str) -> &'static str {
    match payload.as_bytes() {
        [b'B', b'o', b'x', b'<', inner @ .., b'>'] => payload.split_at(4).1.split_at(inner.len()).0,
        _ => payload,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_type_is_named_without_its_box() {
        assert_eq!(unboxed("Box<Plan>"), "Plan");
        assert_eq!(unboxed("EntityRef"), "EntityRef");
    }
}
