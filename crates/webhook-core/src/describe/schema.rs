//! JSON Schemas (2020-12) of what decodes, made from the [shapes](crate::describe::Shape).
//!
//! Tolerant on purpose: everything that decodes validates. A schema takes digits for a number, `null` where the vendor
//! documents none, a vocabulary value that is not listed, and any key that it does not know. What the vendor documents
//! stands beside it: the listed values of a vocabulary as an `enum` that is one of two ways to validate,
//! `x-documented-null` and `x-documented-optional` where a field may be `null` or missing by the vendor's own word.
//!
//! What decodes once and not the other way round: a value may validate and still not decode, where a rule cannot be said
//! in a schema, such as a date that is in no calendar.
//!
//! Every payload type implements `schemars::JsonSchema` as well, so that it can stand in the schema of another program.

mod definitions;
mod envelope;
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
