//! The events of a vendor: one list, from which everything else is made.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::describe::{Shape, identity};
use crate::json::{NotJson, Reader};
use crate::wire::{RawJson, Vocabulary};

/// What is known about a listed event, without decoding one.
#[derive(Debug, Clone, Copy)]
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
    shape: fn() -> Shape,
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
        shape: fn() -> Shape,
    ) -> Self {
        Self { name, summary: trim_start(summary), payload, standing, source, shape }
    }

    /// What the payload looks like.
    pub fn shape(&self) -> Shape {
        (self.shape)()
    }

    /// The paths in the payload of which one must identify what the event is about, the preferred one first: without any
    /// of them the event is refused. Empty for an event that is about nothing in particular.
    pub fn identity(&self) -> Vec<String> {
        identity(self.shape()).into_iter().map(|(path, _)| path).collect()
    }
}

impl PartialEq for EventInfo {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.source) == (other.name, other.source)
    }
}

impl Eq for EventInfo {}

impl Serialize for EventInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut info = serializer.serialize_struct("EventInfo", 6)?;
        info.serialize_field("name", self.name)?;
        info.serialize_field("summary", self.summary)?;
        info.serialize_field("payload", self.payload)?;
        info.serialize_field("identity", &self.identity())?;
        info.serialize_field("standing", &self.standing)?;
        info.serialize_field("source", self.source)?;
        info.end()
    }
}

crate::vocabulary! {
    /// How well an event is known.
    pub enum Standing {
        /// The vendor's pages describe it.
        Documented = "documented",
        /// They describe it, and a real delivery or the vendor's own code has confirmed it.
        Seen = "seen",
        /// The vendor has replaced it, and it may still arrive.
        Deprecated = "deprecated",
    }
}

/// A vendor's event enum, as [`events!`](crate::events!) writes it.
pub trait Events: Sized + 'static {
    /// The listed names.
    type Name: Vocabulary;

    /// Every listed event, in the order of the list.
    const CATALOGUE: &'static [EventInfo];

    /// The listed event with this name on the wire; names are compared exactly.
    fn find(name: &str) -> Option<Self::Name>;

    /// Reads the payload of a listed event; `None` when its main entity has no usable identity.
    ///
    /// # Errors
    ///
    /// The text is no JSON.
    fn read(name: Self::Name, payload: &mut Reader<'_>) -> Result<Option<Self>, NotJson>;

    /// An event that is not listed.
    fn unlisted(name: Box<str>, payload: RawJson) -> Self;

    /// The name on the wire.
    fn name(&self) -> &str;

    /// Writes the payload.
    ///
    /// # Errors
    ///
    /// Only what the serializer itself reports.
    fn write_payload<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

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
/// its name on the wire and its standing; the events of one vendor page stand together. Every payload is boxed, so that
/// one that grows changes no type of the enum. `else` names the variant for everything that is not listed.
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
                $variant(::std::boxed::Box<$payload>),
            )+)+
            $(#[$unlisted_attribute])*
            $unlisted(::std::boxed::Box<$crate::UnlistedEvent>),
        }

        $crate::vocabulary! {
            $(#[$name_attribute])*
            pub enum $names {
                $($(
                    #[doc = $summary]
                    #[doc(alias = $wire)]
                    $variant = $wire,
                )+)+
            }
        }

        impl $event {
            /// The name on the wire, also of an unlisted event.
            pub fn name(&self) -> &str {
                match self {
                    $($(Self::$variant(_) => $wire,)+)+
                    Self::$unlisted(event) => event.name(),
                }
            }

            /// The listed name; `None` for any other.
            pub fn listed_name(&self) -> Option<$names> {
                match self {
                    $($(Self::$variant(_) => Some($names::$variant),)+)+
                    Self::$unlisted(_) => None,
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
                    <$payload as $crate::Wire>::shape,
                ),
            )+)+];

            #[inline]
            fn find(name: &str) -> Option<$names> {
                name.parse().ok()
            }

            fn read(
                name: $names,
                payload: &mut $crate::json::Reader<'_>,
            ) -> ::core::result::Result<Option<Self>, $crate::json::NotJson> {
                Ok(match name {
                    $($($names::$variant => <$payload as $crate::Wire>::read(payload)?
                        .or_else(<$payload as $crate::Wire>::of_nothing)
                        .map(|payload| Self::$variant(::std::boxed::Box::new(payload))),)+)+
                })
            }

            fn unlisted(name: ::std::boxed::Box<str>, payload: $crate::RawJson) -> Self {
                Self::$unlisted(::std::boxed::Box::new($crate::UnlistedEvent::new(name, payload)))
            }

            fn name(&self) -> &str {
                $event::name(self)
            }

            fn write_payload<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $($(Self::$variant(payload) => $crate::Wire::write(&**payload, serializer),)+)+
                    Self::$unlisted(event) => $crate::Wire::write(event.payload(), serializer),
                }
            }

            fn payload_shape(name: $names) -> $crate::describe::Shape {
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
