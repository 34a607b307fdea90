//! JSON Schemas (2020-12) of decodable deliveries, generated from the [shapes](crate::describe::Shape).
//!
//! A schema follows the rules by which deliveries are read. Every delivery without drift of the kind `unexpected_value`
//! validates. This includes a number as text, `null` in place of any value but the identity, a list that PHP wrote as
//! an object, an unlisted value, and an unknown key. Only the name of the event and the identity of its main entity are
//! required.
//!
//! A delivery that does not validate either does not decode, or has a value that the decoder leaves out and drift
//! reports. Store such a delivery; do not reject it because it does not validate.
//!
//! The reverse is not true. A value may validate and not be readable where a schema cannot express the rule, such as a
//! date that does not exist.
//!
//! The schema also contains what the vendor documents. The listed values of a vocabulary are an `enum`, and those of a
//! list of numbers are each a `const` with the meaning as `title`; other values validate too. `x-documented-null` and
//! `x-documented-optional` mark fields that the vendor documents as nullable or optional.
//!
//! Every payload type also implements `schemars::JsonSchema`, so that it can be used in the schema of another program.

mod definitions;
mod envelope;
mod identity;
mod prose;
mod value;

use schemars::{Schema, SchemaGenerator};

pub use definitions::Definitions;
pub use envelope::{event, event_document, webhook};
pub use prose::plain;
pub use value::of_shape;

use crate::wire::Wire;

/// The identifier of the dialect in which every schema is written.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The prefix of type names among the definitions of another program, which may have its own `Plan`.
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

fn within(
    generator: &mut SchemaGenerator,
    make: impl FnOnce(&mut Definitions) -> serde_json::Value,
) -> Schema {
    let path = generator.settings().definitions_path.trim_matches('/');
    let path = format!("#/{path}/{PREFIX}");
    let mut definitions = Definitions::over(std::mem::take(generator.definitions_mut()), path, PREFIX);
    let schema = make(&mut definitions);
    *generator.definitions_mut() = definitions.into_map();
    // Our schemas are an object or `true`, both of which are valid for schemars.
    Schema::try_from(schema).unwrap_or_default()
}
