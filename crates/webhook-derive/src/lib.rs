//! The derive macro behind `webhook-core`.
//!
//! A payload is defined once, as a struct. From it [`Wire`](macro@Wire) generates the reader, the writer and the
//! description (names, aliases, documented nulls, identity) for drift and schemas. Use it through `webhook_core::Wire`.
//! This crate has no other public item, and is released together with the core.

mod attributes;
mod choice;
mod envelope;
mod object;
mod structure;

use proc_macro::TokenStream;
use syn::{Data, DeriveInput, parse_macro_input};

/// Derives `webhook_core::Wire`, `serde::Deserialize` and `serde::Serialize` for a struct with named fields, or for an
/// enum whose variants have one value each. A struct also gets a function `new` that takes its identity.
///
/// How a value is read is a property of its type (`u64` also reads `"25"`, `Vec` also `null`), so most fields need no
/// attribute. A field that is not an identity must be an `Option`, a `Vec` or a map: it is empty if the value cannot be
/// read.
///
/// An enum is read as the first variant that can read the JSON.
///
/// | attribute | on | meaning |
/// |---|---|---|
/// | `rename_all = "camelCase"` | struct | the vendor's spelling of every key |
/// | `vendor = "acme"` | envelope | the vendor, in lower case |
/// | `identity` | field | the identity of the object: without a usable value there is no object |
/// | `identity, or = "details.id"` | field | an alternative place of the identity: a path through the other fields |
/// | `rename = "type"` | field | the key of this field |
/// | `alias = "skiped"` | field | another spelling; the first one with a usable value is used, the key itself before the aliases |
/// | `with = UnixSeconds` | field | read and written by a `webhook_core::wire::WireAs` instead of by the type |
/// | `nullable` | field | the vendor documents `null` here |
/// | `optional` | field | the vendor documents that the key may be missing; it is not written if there is no value |
/// | `tolerated` | field | a missing key or `null` occurs without documentation, and is not reported as drift |
/// | `flatten` | field | a struct whose keys are in the same JSON object; with `optional`, all of them may be missing |
/// | `event, name = "..", payload = ".."` | field | the place of the event in an envelope, and the keys of its name and payload |
/// | `event, .., old_name = "..", id = ".."` | field | another key of the name, and the key of the vendor's id of the event |
#[proc_macro_derive(Wire, attributes(wire))]
pub fn derive_wire(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let expanded = match &input.data {
        Data::Enum(data) => choice::expand(&input, data),
        _ => object::expand(&input),
    };
    expanded.unwrap_or_else(syn::Error::into_compile_error).into()
}
