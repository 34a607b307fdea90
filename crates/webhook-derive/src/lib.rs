//! The derive macro behind `webhook-core`.
//!
//! A payload is written once, as a struct; [`Wire`](macro@Wire) makes of it the reader, the writer and the description
//! (names, aliases, documented nulls, identity) that drift and schemas read.
//! Use it through `webhook_core::Wire`; this crate has no other public item, and is released together with the core.

mod attributes;
mod choice;
mod envelope;
mod object;
mod structure;

use proc_macro::TokenStream;
use syn::{Data, DeriveInput, parse_macro_input};

/// Makes a struct with named fields, or an enum whose variants hold one value each, readable, writable and describable:
/// implements `webhook_core::Wire`, `serde::Deserialize` and `serde::Serialize`, and gives a struct a function `new`
/// that takes its identity.
///
/// How a value is read is a property of its type (`u64` also reads `"25"`, `Vec` also `null`), so most fields need no
/// attribute. A field that is no identity must be an `Option`, a `Vec` or a map: what has no reading is none.
///
/// An enum is read as its first variant that has a reading for the JSON that came.
///
/// | attribute | on | meaning |
/// |---|---|---|
/// | `rename_all = "camelCase"` | struct | the vendor's spelling of every key |
/// | `vendor = "acme"` | envelope | the vendor, in lower case |
/// | `identity` | field | what identifies the object: without a usable value there is none |
/// | `identity, or = "details.id"` | field | another place of the identity: a path through the fields beside it |
/// | `rename = "type"` | field | the key of this field |
/// | `alias = "skiped"` | field | another spelling; the first one with a usable value wins, the key itself before all |
/// | `with = UnixSeconds` | field | read and written by a `webhook_core::wire::WireAs` instead of by the type |
/// | `nullable` | field | the vendor documents `null` here |
/// | `optional` | field | the vendor documents that the key may be missing; it is left out when there is nothing to write |
/// | `tolerated` | field | missing or `null` is met although no page says so, and is no drift |
/// | `flatten` | field | a struct whose keys stand beside those of this one; with `optional`, all of them may be missing |
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
