//! JSON Schemas (2020-12) of what decodes, made from the [shapes](crate::describe::Shape).
//!
//! A schema follows the rule by which deliveries are read. Whatever is read without drift of the kind
//! `unexpected_value` validates: a number as text, `null` in place of any value
//! but the identity, a list that PHP wrote as an object, a value that no vocabulary lists, a key that no page names.
//! Required are the name of the event and what identifies its main entity, nothing else.
//!
//! What does not validate is refused by the decoder, or has a value that the decoder leaves out and drift names. Such a
//! delivery is still worth keeping: do not refuse it because it does not validate.
//!
//! It does not hold the other way round: a value may validate and have no reading where no schema can say the rule, such
//! as a date that is in no calendar.
//!
//! What the vendor documents stands beside it: the listed values of a vocabulary as an `enum`, and those of a list of
//! numbers as a `const` with its meaning as `title`, each as one of several ways to validate; `x-documented-null` and
//! `x-documented-optional` where a field may be `null` or missing by the vendor's own word.
//!
//! Every payload type implements `schemars::JsonSchema` as well, so that it can stand in the schema of another program.

mod definitions;
mod envelope;
mod identity;
mod prose;
mod value;

use schemars::{JsonSchema, Schema, SchemaGenerator};

pub use definitions::Definitions;
pub use envelope::{event, event_document, webhook};
pub use prose::plain;
pub use value::of_shape;

use crate::wire::{Code, Open, OpenCode, Vocabulary, Wire};

/// The identifier of the dialect in which every schema is written.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// What the names of types start with among the definitions of another program, which may have a `Plan` of its own.
const PREFIX: &str = "webhooks.";

/// The schema of a type for schemars; named types become definitions of the generator.
#[doc(hidden)]
pub fn of<T: Wire>(generator: &mut SchemaGenerator) -> Schema {
    within(generator, |definitions| of_shape(T::shape(), definitions))
}

/// The schema of an envelope for schemars.
#[doc(hidden)]
pub fn of_webhook<T: crate::Layout>(generator: &mut SchemaGenerator) -> Schema {
    within(generator, webhook::<T>)
}

/// The name of a type without its path and its parameters.
#[doc(hidden)]
pub fn type_name<T: ?Sized>() -> &'static str {
    let full = std::any::type_name::<T>();
    let path = full.split('<').next().unwrap_or(full);
    path.rsplit("::").next().unwrap_or(path)
}

fn within(
    generator: &mut SchemaGenerator,
    make: impl FnOnce(&mut Definitions) -> serde_json::Value,
) -> Schema {
    let path = generator.settings().definitions_path.trim_matches('/');
    let path = format!("#/{path}/{PREFIX}");
    let mut definitions = Definitions::over(std::mem::take(generator.definitions_mut()), path, PREFIX);
    let schema = make(&mut definitions);
    *generator.definitions_mut() = definitions.into_map();
    // A schema of ours is an object or `true`, both of which are schemas to schemars too.
    Schema::try_from(schema).unwrap_or_default()
}

macro_rules! open_schema {
    ($open:ident, $bound:ident) => {
        impl<T: $bound> JsonSchema for $open<T> {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                type_name::<T>().into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                std::any::type_name::<Self>().into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                of::<Self>(generator)
            }
        }
    };
}

open_schema!(Open, Vocabulary);
open_schema!(OpenCode, Code);
