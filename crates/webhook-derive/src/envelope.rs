//! Expansion for the envelope of a vendor: a struct with a field for the event.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{LitStr, Result};

use crate::attributes::{EventSpec, FieldSpec};
use crate::structure::{Struct, as_json_key};

/// The implementations that make a struct the envelope of a vendor, and the methods that users call without a trait.
pub(crate) fn expand(object: &Struct, field: &FieldSpec, event: &EventSpec) -> Result<TokenStream> {
    let Some(vendor) = &object.spec.vendor else {
        return Err(syn::Error::new_spanned(&object.ident, "an envelope needs `#[wire(vendor = \"..\")]`"));
    };
    let (ident, slot, ty) = (&object.ident, &field.ident, &field.ty);
    let (name, payload) = (&event.name, &event.payload);
    let (old_name, id) = (optional(event.old_name.as_ref()), optional(event.id.as_ref()));
    let json_key = |key: &Option<LitStr>| as_json_key(&key.as_ref().map(LitStr::value).unwrap_or_default());
    let (name_key, payload_key) = (json_key(name), json_key(payload));
    // The payload has the position of the event among the fields. The name comes first at every vendor.
    let place = object.fields.iter().take_while(|field| field.event.is_none()).count();
    let mut before = object.own_keys();
    let behind = before.split_off(place.min(before.len()));
    Ok(quote! {
        #[automatically_derived]
        impl ::webhook_core::Layout for #ident {
            type Event = #ty;
            const VENDOR: &'static str = #vendor;
            const NAME_KEY: &'static str = #name;
            const OLD_NAME_KEY: ::core::option::Option<&'static str> = #old_name;
            const PAYLOAD_KEY: &'static str = #payload;
            const ID_KEY: ::core::option::Option<&'static str> = #id;
            const ENVELOPE_KEYS: &'static [(&'static str, u16)] =
                &[(#name_key, private::NAME), #(#before,)* (#payload_key, private::PAYLOAD), #(#behind,)*];

            fn event(&self) -> &#ty { &self.#slot }
            fn put_event(partial: &mut Partial, event: #ty) { partial.#slot = Some(event); }
        }

        impl #ident {
            /// Decodes a body.
            ///
            /// # Errors
            ///
            /// The body is not a JSON object, has no event name, or is a listed event whose main entity has no usable
            /// identity.
            pub fn from_slice(body: &[u8]) -> ::core::result::Result<Self, ::webhook_core::DecodeError> {
                <Self as ::webhook_core::Envelope>::from_slice(body)
            }

            /// The name of the event on the wire, also of an unlisted one.
            pub fn name(&self) -> &str {
                self.#slot.name()
            }

            /// Reads the name of the event and stops there.
            ///
            /// # Errors
            ///
            /// The body is not a JSON object or has no event name, as far as it was read.
            pub fn peek(
                body: &[u8],
            ) -> ::core::result::Result<::webhook_core::Peek<'_>, ::webhook_core::DecodeError> {
                <Self as ::webhook_core::Envelope>::peek(body)
            }
        }

        impl private::serde::Serialize for #ident {
            fn serialize<S: private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                private::serialize_envelope(self, serializer)
            }
        }

        impl<'de> private::serde::Deserialize<'de> for #ident {
            fn deserialize<D: private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                private::deserialize_envelope(deserializer)
            }
        }

        ::webhook_core::envelope_as_json_schema!(#ident);
    })
}

fn optional(key: Option<&LitStr>) -> TokenStream {
    key.map_or_else(|| quote!(::core::option::Option::None), |key| quote!(::core::option::Option::Some(#key)))
}
