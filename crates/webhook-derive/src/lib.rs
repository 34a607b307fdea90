//! The derive macro behind `webhook-core`.
//!
//! A payload is written once, as a struct; [`Wire`](macro@Wire) makes of it the decoder, the encoder and the
//! description (names, aliases, documented nulls) that drift detection and schemas read.
//! Use it through `webhook_core::Wire`; this crate has no other public item.

mod attributes;
mod expand;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct with named fields decodable, encodable and describable: implements `webhook_core::wire::Object`,
/// `webhook_core::Wire`, `serde::Deserialize` and `serde::Serialize`.
///
/// How a value is read is a property of its type (`u64` also accepts `"25"`, `Vec` also accepts `null`), so most
/// fields need no attribute. The others:
///
/// | attribute | on | meaning |
/// |---|---|---|
/// | `rename_all = "camelCase"` | struct | the vendor's spelling of every key |
/// | `rename = "type"` | field | the key of this field |
/// | `alias = "skiped"` | field | another spelling that decodes too; the key itself wins when both are present |
/// | `with = UnixSeconds` | field | read and written by a `webhook_core::wire::WireAs` instead of by the type |
/// | `nullable` | field | the vendor documents `null` here |
/// | `optional` | field | the vendor documents that the key may be missing; it is left out when there is nothing to write |
/// | `event` | field | the place of the event in an envelope; the core fills it |
#[proc_macro_derive(Wire, attributes(wire))]
pub fn derive_wire(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::object(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
